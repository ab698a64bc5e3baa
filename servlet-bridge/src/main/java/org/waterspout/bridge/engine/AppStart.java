// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.Deployment;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.Environment;
import org.waterspout.bridge.deployment.Initializer;
import org.waterspout.bridge.deployment.ListenerDraft;
import org.waterspout.bridge.deployment.ServletDraft;

/**
 * Starts a web application in the order of Servlet 6.1 sections 8.2.4 and 10.12: initializers,
 * context listeners, from then on the declaration is final, filters, servlets that load on
 * start-up. What had begun is ended again if something throws.
 */
public final class AppStart {
  private final DeploymentDraft draft;
  private final Environment environment;
  private final String prefix;
  private final AppContext context;

  /** Those that have been told of the start, and will be of the end. */
  private final List<ServletContextListener> told = new ArrayList<>();

  private AppStart(DeploymentDraft draft, Environment environment, String prefix) {
    this.draft = draft;
    this.environment = environment;
    this.prefix = prefix;
    this.context = new AppContext(draft, environment, prefix);
  }

  /**
   * Starts an application, as {@link org.waterspout.routing.Mount#start} says, with its class
   * loader as that of the thread.
   *
   * @throws Exception what an initializer, listener, filter or servlet threw; the application is
   *     stopped again
   */
  public static WebApp start(DeploymentDraft draft, Environment environment, String prefix)
      throws Exception {
    draft.checkOpen();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(draft.classLoader());
    try {
      return new AppStart(draft, environment, prefix).run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private WebApp run() throws Exception {
    Deployment deployment;
    try {
      draft.begin();
      runInitializers();
      draft.makeListeners();
      tellListeners();
      declareDefaultServlet();
      deployment = draft.freeze();
    } catch (Throwable e) {
      ContextEvents.contextDestroyed(context, told);
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
    context.enterNeighbours();
    return app;
  }

  /** A WAR may map it by its name without declaring it, and may have one of its own. */
  private void declareDefaultServlet() {
    String name = DefaultServlet.NAME;
    ServletDraft added = draft.addServlet(name, Component.of(new DefaultServlet()));
    while (added == null) {
      name = "_" + name;
      added = draft.addServlet(name, Component.of(new DefaultServlet()));
    }
    added.setAsyncSupported(true);
  }

  private void runInitializers() throws ServletException {
    for (Initializer each : environment.initializers()) {
      try {
        each.initializer().onStartup(ownClasses(each), context);
      } catch (ServletException | RuntimeException | LinkageError | AssertionError e) {
        String name = each.initializer().getClass().getName();
        throw new ServletException("initializer " + name + " failed: " + e, e);
      }
    }
    context.endInitializers();
  }

  /** Null for none, section 8.2.4. Mojarra keeps the set, and takes out what it does not need. */
  private static @Nullable Set<Class<?>> ownClasses(Initializer initializer) {
    return initializer.classes().isEmpty() ? null : new LinkedHashSet<>(initializer.classes());
  }

  private void tellListeners() throws ServletException {
    for (ListenerDraft each : draft.listenerDrafts()) {
      if (each.made() instanceof ServletContextListener listener) {
        told.add(listener);
        context.limit(!each.isDeclared());
        try {
          listener.contextInitialized(new ServletContextEvent(context));
        } catch (RuntimeException | LinkageError | AssertionError e) {
          String name = listener.getClass().getName();
          throw new ServletException("listener " + name + " failed in contextInitialized: " + e, e);
        } finally {
          context.limit(false);
        }
      }
    }
  }
}
