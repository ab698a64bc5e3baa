// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.waterspout.bridge.deployment.Deployment;
import org.waterspout.bridge.deployment.FilterDeclaration;
import org.waterspout.bridge.deployment.MountOptions;
import org.waterspout.bridge.deployment.ServletDeclaration;
import org.waterspout.bridge.mapping.ServletMappings;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.bridge.session.SessionEvents;
import org.waterspout.bridge.session.Sessions;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.log.Log;

/**
 * A web application that runs, from the end of its declaration to its stop: no new requests,
 * running ones end, then servlets, filters, sessions and context listeners. {@link AppStart} brings
 * it there.
 *
 * <p>Unmodifiable but for the sets of what runs; safe for all threads.
 */
public final class WebApp implements Served {
  private static final long SWEEP_SECONDS = 30;

  /**
   * What interrupted requests have left, and those whose connections are cut, to come to an end.
   */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Deployment deployment;
  private final AppContext context;
  private final String prefix;
  private final List<ServletContextListener> contextListeners;
  private final ContextEvents events;
  private final Sessions sessions;
  private final HandlerSessions handlerSessions = new HandlerSessions(this);
  private final Admission admission;
  private final BufferPool buffers;
  private final ParkedRequests parked = new ParkedRequests();
  private final UpgradedConnections upgraded = new UpgradedConnections();
  private final Map<String, ServletHolder> servlets = new LinkedHashMap<>();
  private final Map<String, FilterHolder> filters = new LinkedHashMap<>();
  private final Routing routing;
  private final RunningThreads running = new RunningThreads();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Nothing of the application runs yet.
   *
   * @param contextListeners those that are told of the end
   */
  @SuppressWarnings("this-escape") // to its own parts, which do nothing with it yet
  WebApp(
      Deployment deployment,
      AppContext context,
      String prefix,
      List<ServletContextListener> contextListeners) {
    this.deployment = deployment;
    this.context = context;
    this.prefix = prefix;
    this.contextListeners = List.copyOf(contextListeners);
    events = new ContextEvents(context, deployment.listeners());
    var sessionEvents = new SessionEvents(deployment.listeners());
    var timeout = deployment.session().timeout();
    sessions =
        new Sessions(
            context,
            sessionEvents,
            timeout,
            System::currentTimeMillis,
            options().sessionStore(),
            deployment.classLoader());
    var limits = options().limits();
    admission = new Admission(limits);
    buffers = new BufferPool(limits.outputBuffer(), limits.maxConcurrent());
    for (FilterDeclaration filter : deployment.filters()) {
      filters.put(filter.name(), new FilterHolder(filter, context, deployment.classLoader()));
    }
    ServletMappings mappings = declareServlets();
    routing = new Routing(this, mappings, servlets, filters, deployment.filterMappings());
    context.runs(this);
  }

  private ServletMappings declareServlets() {
    Map<UrlPattern, String> byPattern = new HashMap<>();
    String fallback = DefaultServlet.NAME;
    for (ServletDeclaration servlet : deployment.servlets()) {
      servlets.put(servlet.name(), new ServletHolder(servlet, context, deployment.classLoader()));
      servlet.patterns().forEach(pattern -> byPattern.put(pattern, servlet.name()));
      if (servlet.component().instance() instanceof DefaultServlet) {
        fallback = servlet.name();
      }
    }
    return new ServletMappings(byPattern, fallback);
  }

  /** Brings sessions, filters and the servlets that load on start-up into service. */
  void initialise() throws ServletException, IOException {
    sessions.start(prefix);
    for (FilterHolder filter : filters.values()) {
      try {
        filter.initialise();
      } catch (ServletException | RuntimeException | LinkageError | AssertionError e) {
        throw failed("filter " + filter.name(), e);
      }
    }
    List<ServletHolder> early =
        servlets.values().stream()
            .filter(servlet -> servlet.loadOnStartup() >= 0)
            .sorted(Comparator.comparingInt(ServletHolder::loadOnStartup))
            .toList();
    for (ServletHolder servlet : early) {
      try {
        servlet.initialise();
      } catch (UnavailableException e) {
        // Section 2.3.3.2: it is out of service, for a time or for good; the others are not.
        Log.APPLICATION.log(Level.WARNING, "servlet " + servlet.name() + " is unavailable", e);
      } catch (ServletException | RuntimeException | LinkageError | AssertionError e) {
        throw failed("servlet " + servlet.name(), e);
      }
    }
  }

  private static ServletException failed(String component, Throwable cause) {
    // That of a class that is missing is its bare name.
    boolean clear = cause.getMessage() != null && !(cause instanceof LinkageError);
    String reason = clear ? cause.getMessage() : cause.toString();
    return new ServletException(component + " does not start: " + reason, cause);
  }

  /** Ends sessions that time out, from now on until the end. */
  void sweepSessions() {
    VirtualThreads.unstarted("session sweep " + prefix, this::sweep).start();
  }

  private void sweep() {
    Thread.currentThread().setContextClassLoader(deployment.classLoader());
    try {
      while (!stopped.await(SWEEP_SECONDS, TimeUnit.SECONDS)) {
        sweepOnce();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; the application ends by its latch.
      Thread.currentThread().interrupt();
    }
  }

  /** Whatever fails, there is a next time. */
  private void sweepOnce() {
    try {
      sessions.sweep();
    } catch (RuntimeException | Error e) {
      Log.GENERAL.log(Level.ERROR, "the sessions of " + prefix + "/ are not looked through", e);
    }
  }

  /** Begins a request. On the loop. */
  @Override
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new Exchange(this, serverConnection, connection);
  }

  /**
   * Stops the application: ends asynchronous requests that are parked, waits for running ones, then
   * interrupts those that take too long, and then cuts the connections of those that go on.
   * Everything is destroyed in the end, whatever throws.
   */
  @Override
  public void stop() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(deployment.classLoader());
    try {
      context.leaveNeighbours();
      admission.close();
      parked.close();
      upgraded.close();
      drain();
      end();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void drain() {
    try {
      Duration limit = options().limits().stopTimeout();
      if (!admission.awaitEmpty(limit) || !upgraded.awaitEmpty(limit)) {
        Log.GENERAL.log(
            Level.WARNING, "{0} requests of {1}/ are interrupted", running.count(), prefix);
        running.interrupt();
        if (!admission.awaitEmpty(GRACE)) {
          running.cut();
          var _ = admission.awaitEmpty(GRACE);
        }
      }
    } catch (InterruptedException e) {
      running.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Destroys what was initialised. */
  void end() {
    stopped.countDown();
    new ArrayList<>(servlets.values()).reversed().forEach(ServletHolder::destroy);
    new ArrayList<>(filters.values()).reversed().forEach(FilterHolder::destroy);
    sessions.stop();
    ContextEvents.contextDestroyed(context, contextListeners);
  }

  /** What it has, for people. */
  public String description() {
    return "%d servlets, %d filters, %d listeners"
        .formatted(
            deployment.servlets().size(),
            deployment.filters().size(),
            deployment.listeners().size());
  }

  /** Its sessions, for handlers of the same server. */
  public HandlerSessions handlerSessions() {
    return handlerSessions;
  }

  // ---- what a request needs

  @Override
  public String prefix() {
    return prefix;
  }

  AppContext context() {
    return context;
  }

  Deployment deployment() {
    return deployment;
  }

  MountOptions options() {
    return deployment.options();
  }

  Routing routing() {
    return routing;
  }

  ContextEvents events() {
    return events;
  }

  Sessions sessions() {
    return sessions;
  }

  Admission admission() {
    return admission;
  }

  ParkedRequests parked() {
    return parked;
  }

  UpgradedConnections upgraded() {
    return upgraded;
  }

  BufferPool buffers() {
    return buffers;
  }

  /** The threads of running and waiting requests. */
  RunningThreads running() {
    return running;
  }
}
