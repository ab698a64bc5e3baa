// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration.launch;

import org.eclipse.jetty.ee11.webapp.WebAppContext;

/** Jetty 12.1 with web applications of Jakarta EE 11. */
public final class JettyEE11 {
  private JettyEE11() {}

  /** Takes what {@link Launch} says. */
  public static void main(String... arguments) throws Exception {
    JettyServer.serve(
        Launch.webApplications(arguments),
        (contextPath, war) -> {
          var context = new WebAppContext();
          context.setContextPath(contextPath);
          context.setWar(war);
          context.setThrowUnavailableOnStartupException(true);
          return context;
        });
  }
}
