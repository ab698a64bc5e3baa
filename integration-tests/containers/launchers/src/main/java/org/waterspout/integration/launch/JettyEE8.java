// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.ee8.nested.HandlerWrapper;
import org.eclipse.jetty.ee8.nested.Request;
import org.eclipse.jetty.ee8.webapp.WebAppContext;

/** Jetty 12.1 with web applications for javax.servlet, as of Java EE 8. */
public final class JettyEE8 {
  private JettyEE8() {}

  /** Takes what {@link Launch} says. */
  public static void main(String... arguments) throws Exception {
    JettyServer.serve(
        Launch.webApplications(arguments),
        (contextPath, war) -> {
          var context = new WebAppContext();
          context.setContextPath(contextPath);
          context.setWar(war);
          context.setThrowUnavailableOnStartupException(true);
          context.insertHandler(new OneByOne());
          return context.getCoreContextHandler();
        });
  }

  /** No request begins before the one before it has returned, even if that has been answered. */
  private static final class OneByOne extends HandlerWrapper {
    @Override
    public synchronized void handle(
        String target, Request base, HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      super.handle(target, base, request, response);
    }
  }
}
