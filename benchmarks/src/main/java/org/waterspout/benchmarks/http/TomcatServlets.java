// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;

/** Tomcat, with one servlet. It would close each connection after a hundred requests. */
final class TomcatServlets {
  private TomcatServlets() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var hosted = Hosted.named(args);
    var connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("useVirtualThreads", String.valueOf(hosted.onVirtualThreads()));
    var tomcat = new Tomcat();
    var folder = Path.of(System.getProperty("java.io.tmpdir"), "waterspout-benchmarks");
    tomcat.setBaseDir(folder.toString()); // which it makes, and leaves empty
    tomcat.setConnector(connector);
    var pages = hosted.servesPages() ? Pages.folder().toString() : null;
    var context = tomcat.addContext("", pages);
    if (hosted.servesPages()) {
      context.addServletContainerInitializer(new Pages(), Set.of());
    }
    var wrapper = Tomcat.addServlet(context, "servlet", hosted.servlet());
    wrapper.setLoadOnStartup(1);
    wrapper.setAsyncSupported(true);
    wrapper.addMapping(hosted.mapping());
    tomcat.start();
    Ready.announce(
        connector.getLocalPort(), ServerInfo.getServerInfo().replace("Apache Tomcat/", "Tomcat "));
  }
}
