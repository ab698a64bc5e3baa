// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** A handler on the loop, and beside it a servlet that computes. */
final class LatencyServer {
  private LatencyServer() {}

  /** Keeps a core busy for a while, without a call that would let others run. */
  static final class ComputingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration TIME = Duration.ofMillis(50);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      long end = System.nanoTime() + TIME.toNanos();
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      BlockingServlet.answer(response, Workload.HELLO_BODY);
    }
  }

  static void main(String[] args) throws IOException {
    AccessLog.toNowhere();
    var servlets = ServletContainer.builder().servlet("computing", new ComputingServlet(), "/*");
    var application =
        new Application(
            url("/hello", HandlerServer.HelloHandler::new), mount("/servlets", servlets.build()));
    var server = application.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
    Ready.announce(server.port(), "");
    IOLoop.current().start();
  }
}
