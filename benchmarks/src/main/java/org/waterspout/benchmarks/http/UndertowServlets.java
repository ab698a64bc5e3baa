// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import io.undertow.Undertow;
import io.undertow.Version;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;

/** Undertow, with one servlet. */
final class UndertowServlets {
  private UndertowServlets() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var servlet = InContainer.named(args[0]).way().servlet();
    var info =
        new ServletInfo("servlet", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
            .addMapping("/*")
            .setLoadOnStartup(1)
            .setAsyncSupported(true);
    var deployment =
        Servlets.defaultContainer()
            .addDeployment(
                Servlets.deployment()
                    .setClassLoader(UndertowServlets.class.getClassLoader())
                    .setContextPath("/")
                    .setDeploymentName("benchmarks")
                    .addServlet(info));
    deployment.deploy();
    var server =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(deployment.start()).build();
    server.start();
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    Ready.announce(address.getPort(), "Undertow " + Version.getVersionString());
  }
}
