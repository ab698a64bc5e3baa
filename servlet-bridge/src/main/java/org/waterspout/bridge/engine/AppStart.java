// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.ArrayList;
import java.util.List;
import org.waterspout.bridge.deployment.Deployment;
import org.waterspout.bridge.deployment.DeploymentDraft;

/**
 * Starts a web application in the order of Servlet 6.1 section 10.12: context listeners, from then
 * on the declaration is final, filters, servlets that load on start-up. What had begun is ended
 * again if something throws.
 */
public final class AppStart {
  private final DeploymentDraft draft;
  private final String prefix;
  private final AppContext context;

  /** Those that have been told of the start, and will be of the end. */
  private final List<ServletContextListener> told = new ArrayList<>();

  private AppStart(DeploymentDraft draft, String prefix, TempDirectory temporary) {
    this.draft = draft;
    this.prefix = prefix;
    this.context = new AppContext(draft, prefix, temporary);
  }

  /**
   * Starts an application, as {@link org.waterspout.routing.Mount#start} says, with its class
   * loader as that of the thread.
   *
   * @throws Exception what a listener, filter or servlet threw; the application is stopped again
   */
  public static WebApp start(DeploymentDraft draft, String prefix) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(draft.classLoader());
    try {
      return new AppStart(draft, prefix, TempDirectory.make()).run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private WebApp run() throws Exception {
    Deployment deployment;
    try {
      tellListeners();
      deployment = draft.freeze();
    } catch (Throwable e) {
      ContextEvents.contextDestroyed(context, told);
      context.temporaryFiles().delete();
      throw e;
    }
    var app = new WebApp(deployment, context, prefix, told);
    try {
      app.initialise();
    } catch (Throwable e) {
      app.end();
      throw e;
    }
    app.sweepSessions();
    return app;
  }

  private void tellListeners() {
    for (var listener : ContextEvents.ofType(draft.listeners(), ServletContextListener.class)) {
      told.add(listener);
      listener.contextInitialized(new ServletContextEvent(context));
    }
  }
}
