// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import java.nio.file.Files;
import java.util.ArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** An embedded Tomcat, 10.1 or 11. */
public final class TomcatServer {
  private TomcatServer() {}

  /** Takes what {@link Launch} says. */
  public static void main(String... arguments) throws Exception {
    var tomcat = new Tomcat();
    var base = Files.createTempDirectory("tomcat-");
    Files.createDirectory(base.resolve("webapps"));
    tomcat.setBaseDir(base.toString());
    tomcat.setHostname("localhost");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    var contexts = new ArrayList<Context>();
    for (var each : Launch.webApplications(arguments)) {
      contexts.add(tomcat.addWebapp(each.contextPath(), each.war().toString()));
    }
    tomcat.start();
    for (var context : contexts) {
      if (!context.getState().isAvailable()) {
        throw new IllegalStateException(context.getPath() + "/ has not started");
      }
    }
    Launch.serve(tomcat.getConnector().getLocalPort());
    tomcat.stop();
    tomcat.destroy();
  }
}
