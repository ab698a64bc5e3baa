// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.net.BindException;
import org.eclipse.jetty.server.Server;
import org.waterspout.examples.demo.DemoApplication;
import org.waterspout.examples.demo.Deployments;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** One Application twice: on its own loop, and from a WAR in Jetty. Ends on Ctrl-C. */
final class Demo {
  private Demo() {}

  static void main(String[] args) throws Exception {
    var options =
        Options.of("One application twice: on its own loop, and from a WAR in Jetty.")
            .port("port", 8888, "the port of the loop's own server")
            .port("jetty-port", 8889, "the port of Jetty")
            .option("war", "examples/demo-war/target/demo.war", "the WAR, which the build makes")
            .parse(args);
    int port = options.port("port");
    int jettyPort = options.port("jetty-port");
    System.setProperty(Deployments.PORTS, port + "," + jettyPort);
    var application = new DemoApplication().get();
    var _ = options.listen(application);
    try {
      var jetty = JettyWar.start(options.path("war"), jettyPort);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(application, jetty)));
    } catch (IOException e) {
      var taken = e.getCause() instanceof BindException;
      Options.fail(
          taken
              ? "cannot listen on port " + jettyPort + ": it is taken"
              : String.valueOf(e.getMessage()));
    }
    System.out.println();
    System.out.println("  Native server   http://localhost:" + port + "/");
    System.out.println("  WAR in Jetty    http://localhost:" + jettyPort + "/");
    System.out.println("  H2 console      http://localhost:" + port + "/h2/");
    System.out.println();
    System.out.println("Ctrl-C ends the demo.");
    IOLoop.current().start();
  }

  private static void shutDown(Application application, Server jetty) {
    try {
      jetty.stop();
    } catch (Exception e) {
      System.err.println("Jetty did not stop cleanly: " + e);
    }
    application.stop(); // first: servlets that end need the loop
    IOLoop.instance().stop();
  }
}
