// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, with the environment ee11 and one servlet. */
final class JettyServlets {
  private JettyServlets() {}

  static void main(String[] args) throws Exception {
    Ready.keepQuiet();
    var hosted = Hosted.named(args);
    var holder = new ServletHolder("servlet", hosted.servlet());
    holder.setInitOrder(1);
    holder.setAsyncSupported(true);
    var context = new ServletContextHandler("/");
    context.addServlet(holder, hosted.mapping());
    if (hosted.servesPages()) {
      var folder = Pages.folder();
      context.setBaseResourceAsPath(folder);
      var loader = JettyServlets.class.getClassLoader();
      context.setClassLoader(new URLClassLoader(new URL[0], loader)); // Jasper compiles with one
      context.setTempDirectory(folder.resolve("WEB-INF").toFile());
      context.addServletContainerInitializer(new Pages());
    }
    var threads = new QueuedThreadPool();
    if (hosted.onVirtualThreads()) {
      threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }
    var server = new Server(threads);
    var connector = new ServerConnector(server, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
    Ready.announce(connector.getLocalPort(), "Jetty " + Jetty.VERSION);
  }
}
