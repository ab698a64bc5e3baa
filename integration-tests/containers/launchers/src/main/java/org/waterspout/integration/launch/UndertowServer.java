// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import java.net.InetSocketAddress;

/** Undertow 2.3 or 2.4. It has no deployer of its own for WARs: {@link UndertowWar} stands in. */
public final class UndertowServer {
  private UndertowServer() {}

  /** Takes what {@link Launch} says. */
  public static void main(String... arguments) throws Exception {
    var container = Servlets.newContainer();
    var paths = Handlers.path();
    for (var each : Launch.webApplications(arguments)) {
      var manager = container.addDeployment(UndertowWar.read(each.contextPath(), each.war()));
      manager.deploy();
      paths.addPrefixPath(each.contextPath().isEmpty() ? "/" : each.contextPath(), manager.start());
    }
    var server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L) // else it would cut at 2 MiB
            .setHandler(paths)
            .build();
    server.start();
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    Launch.serve(address.getPort());
    for (var name : container.listDeployments()) {
      var manager = container.getDeployment(name);
      manager.stop();
      manager.undeploy();
    }
    server.stop();
  }
}
