// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.Deployment;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.FilterDeclaration;
import org.waterspout.bridge.deployment.FilterMapping;
import org.waterspout.bridge.deployment.ServletDeclaration;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.bridge.mapping.ServletMappings;
import org.waterspout.bridge.mapping.ServletMatch;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.bridge.session.SessionEvents;
import org.waterspout.bridge.session.Sessions;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.ioloop.VirtualThreads;
import org.waterspout.log.Log;

/**
 * A web application from start to stop.
 *
 * <pre>
 * start   context listeners -> the declaration is final -> filters -> servlets that load on start-up
 * stop    no new requests -> running ones end -> servlets -> filters -> sessions -> context listeners
 * </pre>
 *
 * <p>Unmodifiable between the two but for the sets of what runs; safe for all threads.
 */
public final class WebApp {
  private static final long SWEEP_SECONDS = 30;

  private final String prefix;
  private final AppContext context;
  private final List<ServletContextListener> contextListeners = new ArrayList<>();
  private final Deployment deployment;
  private final ServletMappings mappings;
  private final ContextEvents events;
  private final Sessions sessions;
  private final Admission admission;
  private final BufferPool buffers;
  private final Map<String, ServletHolder> servlets = new LinkedHashMap<>();
  private final Map<String, FilterHolder> filters = new LinkedHashMap<>();
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicLong connectionIds = new AtomicLong();
  private final Map<Object, String> connections = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Starts an application, as {@link org.waterspout.routing.Mount#start} says.
   *
   * @throws Exception what a listener, filter or servlet threw; the application is stopped again
   */
  public static WebApp start(DeploymentDraft draft, String prefix) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(draft.classLoader());
    try {
      return new WebApp(draft, prefix);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @SuppressWarnings("this-escape") // the context reaches listeners while the application starts
  private WebApp(DeploymentDraft draft, String prefix) throws Exception {
    this.prefix = prefix;
    context = new AppContext(this, draft, prefix);
    try {
      for (var listener : ContextEvents.ofType(draft.listeners(), ServletContextListener.class)) {
        contextListeners.add(listener);
        listener.contextInitialized(new ServletContextEvent(context));
      }
      deployment = draft.freeze();
    } catch (Throwable e) {
      ContextEvents.contextDestroyed(context, contextListeners);
      throw e;
    }
    var limits = deployment.limits();
    events = new ContextEvents(context, deployment.listeners());
    context.setEvents(events);
    var sessionEvents = new SessionEvents(deployment.listeners());
    var timeout = deployment.session().timeout();
    sessions = new Sessions(context, sessionEvents, timeout, System::currentTimeMillis);
    admission = new Admission(limits);
    buffers = new BufferPool(limits.outputBuffer(), limits.maxThreads());
    mappings = declareServlets();
    try {
      for (FilterDeclaration filter : deployment.filters()) {
        filters.put(filter.name(), new FilterHolder(filter, context, deployment.classLoader()));
      }
      loadOnStartup();
    } catch (Throwable e) {
      end();
      throw e;
    }
    VirtualThreads.unstarted("session sweep " + prefix, this::sweepSessions).start();
  }

  private ServletMappings declareServlets() {
    Map<UrlPattern, String> byPattern = new HashMap<>();
    for (ServletDeclaration servlet : deployment.servlets()) {
      servlets.put(servlet.name(), new ServletHolder(servlet, context, deployment.classLoader()));
      servlet.patterns().forEach(pattern -> byPattern.put(pattern, servlet.name()));
    }
    String fallback = DefaultServlet.NAME;
    while (servlets.containsKey(fallback)) {
      fallback = "_" + fallback;
    }
    var declaration =
        new ServletDeclaration(
            fallback, Component.of(new DefaultServlet()), Map.of(), List.of(), -1);
    servlets.put(fallback, new ServletHolder(declaration, context, deployment.classLoader()));
    return new ServletMappings(byPattern, fallback);
  }

  private void loadOnStartup() throws ServletException {
    List<ServletHolder> early =
        servlets.values().stream()
            .filter(servlet -> servlet.loadOnStartup() >= 0)
            .sorted(Comparator.comparingInt(ServletHolder::loadOnStartup))
            .toList();
    for (ServletHolder servlet : early) {
      servlet.initialise();
    }
  }

  /** As {@link org.waterspout.routing.Mount#canonicalPath} says. */
  public String canonicalPath(String path) {
    try {
      return RequestTarget.parse(path, prefix).canonicalPath(prefix);
    } catch (SuspiciousPathException e) {
      throw Exchange.refused(e);
    }
  }

  /** Begins a request. On the loop. */
  public HTTPMessageDelegate startRequest(Object serverConnection, HTTPConnection connection) {
    return new Exchange(this, serverConnection, connection);
  }

  /**
   * Stops the application: waits for running requests, and interrupts those that take too long.
   * Everything is destroyed in the end, whatever throws.
   */
  public void stop() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(deployment.classLoader());
    try {
      admission.close();
      drain();
      end();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void drain() {
    try {
      if (!admission.awaitEmpty(deployment.limits().stopTimeout())) {
        Log.GENERAL.log(
            Level.WARNING, "{0} requests of {1} are interrupted", running.size(), prefix);
        running.forEach(Thread::interrupt);
      }
    } catch (InterruptedException e) {
      running.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    stopped.countDown();
    new ArrayList<>(servlets.values()).reversed().forEach(ServletHolder::destroy);
    new ArrayList<>(filters.values()).reversed().forEach(FilterHolder::destroy);
    sessions.endAll();
    ContextEvents.contextDestroyed(context, contextListeners);
  }

  private void sweepSessions() {
    Thread.currentThread().setContextClassLoader(deployment.classLoader());
    try {
      while (!stopped.await(SWEEP_SECONDS, TimeUnit.SECONDS)) {
        sessions.sweep();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; the application ends by its latch.
      Thread.currentThread().interrupt();
    }
  }

  // ---- what a request needs

  /** The servlet for a canonical path in the context. */
  ServletMatch match(String path) {
    return mappings.match(path);
  }

  /** Filters and servlet of a dispatch; the path is null in a dispatch by name. */
  Chain chain(DispatcherType type, String servletName, @Nullable String path) {
    ServletHolder servlet = servlets.get(servletName);
    if (servlet == null) {
      throw new IllegalStateException("no servlet is called " + servletName);
    }
    List<FilterMapping> all = deployment.filterMappings();
    if (all.isEmpty()) {
      return new Chain(List.of(), servlet);
    }
    Set<String> names = new LinkedHashSet<>();
    for (FilterMapping mapping : all) {
      if (path != null && mapping.matchesPath(type, path)) {
        names.add(mapping.filterName());
      }
    }
    for (FilterMapping mapping : all) {
      if (mapping.matchesServlet(type, servletName)) {
        names.add(mapping.filterName());
      }
    }
    List<Filter> chosen = new ArrayList<>(names.size());
    for (String name : names) {
      FilterHolder holder = filters.get(name);
      if (holder != null) {
        chosen.add(holder.filter());
      }
    }
    return new Chain(chosen, servlet);
  }

  /** The dispatcher for a path that may be relative to another; null if it leads nowhere. */
  @Nullable Dispatcher dispatcher(@Nullable String path, String current) {
    if (path == null) {
      return null;
    }
    int question = path.indexOf('?');
    String query = question < 0 ? null : path.substring(question + 1);
    String target = question < 0 ? path : path.substring(0, question);
    if (!target.startsWith("/")) {
      target = CanonicalPath.encode(current.substring(0, current.lastIndexOf('/') + 1)) + target;
    }
    try {
      return new Dispatcher(this, match(CanonicalPath.ofApplication(target).path()), query);
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  /** The dispatcher for a servlet by name; null if there is none. */
  @Nullable Dispatcher namedDispatcher(String name) {
    return servlets.containsKey(name) ? new Dispatcher(this, name) : null;
  }

  /** An id of a connection that no other one gets. */
  String connectionId(Object connection) {
    return connections.computeIfAbsent(
        connection, _ -> Long.toHexString(connectionIds.incrementAndGet()));
  }

  String prefix() {
    return prefix;
  }

  AppContext context() {
    return context;
  }

  Deployment deployment() {
    return deployment;
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

  BufferPool buffers() {
    return buffers;
  }

  /** The threads of running and waiting requests. */
  Set<Thread> running() {
    return running;
  }
}
