// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.waterspout.bridge.ServletContainer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/**
 * A servlet and a handler on one port.
 *
 * <pre>
 *   GET /            the handler, on the loop
 *   GET /old/visits  the servlet, on a virtual thread: how often this browser was there
 * </pre>
 */
final class MountServlet {
  private MountServlet() {}

  static final class HomeHandler extends RequestHandler {
    @Override
    protected void get() {
      write("<!DOCTYPE html><p>A handler. <a href=/old/visits>A servlet</a> is next door.");
    }
  }

  /** As it might have stood in any container: it may block, and has a session. */
  static final class VisitsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      var session = request.getSession();
      int visits = session.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
      session.setAttribute("visits", visits);
      response.setContentType("text/plain; charset=UTF-8");
      response.getWriter().println("Visits: " + visits);
    }
  }

  static Application application() {
    var old = ServletContainer.builder().servlet("visits", new VisitsServlet(), "/visits").build();
    return new Application(url("/", HomeHandler::new), mount("/old", old));
  }

  static void main(String[] args) {
    var options = Options.of("A servlet and a handler on one port.").serving(8888).parse(args);
    var _ = options.listen(application());
    IOLoop.current().start();
  }
}
