// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import io.undertow.Undertow;
import io.undertow.Version;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * Undertow, with one servlet. On virtual threads its buffers are not cached by thread: each would
 * take those that it has to its end.
 */
final class UndertowServlets {
  private UndertowServlets() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var hosted = Hosted.named(args);
    var servlet = hosted.servlet();
    var info =
        new ServletInfo("servlet", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
            .addMapping(hosted.mapping())
            .setLoadOnStartup(1)
            .setAsyncSupported(true);
    var described =
        Servlets.deployment()
            .setClassLoader(UndertowServlets.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("benchmarks")
            .addServlet(info);
    if (hosted.servesPages()) {
      described
          .setTempDir(Path.of(System.getProperty("java.io.tmpdir")))
          .setResourceManager(new PathResourceManager(Pages.folder()))
          .addServletContainerInitializer(
              new ServletContainerInitializerInfo(
                  Pages.class, new ImmediateInstanceFactory<>(new Pages()), Set.of()));
    }
    if (hosted.onVirtualThreads()) {
      described.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }
    var deployment = Servlets.defaultContainer().addDeployment(described);
    deployment.deploy();
    var builder = Undertow.builder().addHttpListener(0, "127.0.0.1");
    if (hosted.onVirtualThreads()) {
      builder.setByteBufferPool(new DefaultByteBufferPool(true, 16 * 1024, -1, 0));
    }
    var server = builder.setHandler(deployment.start()).build();
    server.start();
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    Ready.announce(address.getPort(), "Undertow " + Version.getVersionString());
  }
}
