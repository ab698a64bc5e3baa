// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.adapter.exchange.ErrorPage;
import org.waterspout.adapter.exchange.LoopThread;
import org.waterspout.adapter.exchange.OpenExchanges;
import org.waterspout.adapter.exchange.Refusals;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.adapter.websocket.WebSocketSupport;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPInputException;
import org.waterspout.log.Log;
import org.waterspout.web.Application;

/**
 * An Application as it runs behind a servlet or a filter: started with it, stopped with it.
 * Requests come on the container's threads.
 */
final class Site {
  /** A web application cannot ask for it. */
  private static final String UNDERTOWS_LIMIT =
      " if Undertow's MAX_ENTITY_SIZE allows, which is 2 MiB unless set";

  private final String where;
  private final Application application;
  private final AdapterOptions options;
  private final Quirks quirks;
  private final @Nullable WebSocketSupport webSockets; // null: the container has none
  private final WebApplicationLoops loops;
  private final List<OpenExchanges> open; // of each loop
  private final AtomicInteger turn = new AtomicInteger(); // whose the next request is
  private final AtomicBoolean toldMissingAsync = new AtomicBoolean();

  private Site(
      String where,
      Application application,
      AdapterOptions options,
      Quirks quirks,
      @Nullable WebSocketSupport webSockets,
      WebApplicationLoops loops) {
    this.where = where;
    this.application = application;
    this.options = options;
    this.quirks = quirks;
    this.webSockets = webSockets;
    this.loops = loops;
    this.open = loops.all().stream().map(this::openOn).toList();
  }

  /**
   * Starts the web application's loop and the Application.
   *
   * @param where whose it is, for messages: {@code servlet demo}
   * @throws ServletException if the Application needs what this container lacks
   */
  static Site start(
      ServletContext context,
      String where,
      Application application,
      AdapterOptions options,
      Quirks quirks)
      throws ServletException {
    var webSockets = WebSocketSupport.of(context);
    var able = webSockets == null ? quirks : quirks.with(WebSocketSupport.CAPABILITIES);
    var loops = WebApplicationLoops.acquire(context, options.loops());
    var site = new Site(where, application, options, able, webSockets, loops);
    boolean started = false;
    try {
      site.startApplication(context);
      started = true;
    } finally {
      if (!started) {
        loops.release();
      }
    }
    site.tell(context.getContextPath());
    return site;
  }

  private OpenExchanges openOn(LoopThread thread) {
    var limits = new OpenExchanges.Limits(options.maxBodySize(), options.stallTimeout());
    var open = new OpenExchanges(thread.loop(), application, limits);
    thread.whenEnded(open::abandon);
    return open;
  }

  private void startApplication(ServletContext context) throws ServletException {
    var deployment = deployment();
    String missing =
        lacksWebSockets(deployment) ? WebSocketSupport.missing(context, quirks.container()) : "";
    try {
      application.start(deployment.name(), deployment.capabilities());
    } catch (Exception e) {
      String hint = missing.isEmpty() ? "" : "\n  " + missing;
      throw new ServletException(where + " cannot start: " + e.getMessage() + hint, e);
    }
    if (!missing.isEmpty()) {
      Log.GENERAL.log(Level.WARNING, missing);
    }
  }

  private boolean lacksWebSockets(Deployment deployment) {
    return application.capabilityReport(deployment.capabilities()).refusals().stream()
        .anyMatch(use -> use.capability() == Capability.WEBSOCKET);
  }

  private Deployment deployment() {
    return options.mode() == Mode.SYNC ? quirks.sync() : quirks.async();
  }

  private void tell(String contextPath) {
    Log.GENERAL.log(
        Level.INFO,
        "{0} runs in {1} at {2}/, bodies up to {3} bytes{4}; without {5}",
        where,
        deployment().name(),
        contextPath,
        Long.toString(options.maxBodySize()),
        quirks.container().startsWith("Undertow ") ? UNDERTOWS_LIMIT : "",
        EnumSet.complementOf(EnumSet.copyOf(deployment().capabilities())));
    if (!quirks.measured()) {
      Log.GENERAL.log(Level.WARNING, "{0} is not among the containers tried", quirks.container());
    }
  }

  /** Ends open exchanges, the Application and the web application's loop. */
  void stop() {
    open.forEach(OpenExchanges::shutDown);
    application.stop();
    loops.release();
  }

  /** The request as it is read, if it can be and a route is for it; else null. */
  private @Nullable RequestHead routed(
      BiFunction<HttpServletRequest, AdapterOptions, RequestHead> reading,
      HttpServletRequest request) {
    try {
      var head = reading.apply(request, options);
      boolean taken = application.hasRoute(open.getFirst().look(deployment(), head));
      return taken ? head : null;
    } catch (HTTPInputException e) {
      return null; // ambiguous, so not a route's
    }
  }

  /**
   * Serves a request that a route is for, and refuses one that only the container reads so, on the
   * container's thread.
   *
   * @return false if there is none; nothing was touched then
   */
  static boolean serveIfRouted(
      @Nullable Site site, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (site == null) {
      return false;
    }
    var head = site.routed(RequestCopy::of, request);
    if (head == null) {
      if (site.routed(RequestCopy::asContainerReads, request) == null) {
        return false;
      }
      Refusals.log(request.getMethod(), 400, "another spelling of a path that is a route's");
      refuse(response, HttpServletResponse.SC_BAD_REQUEST);
      return true;
    }
    var open = site.nextOpen();
    if (open == null) {
      refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } else if (site.webSockets != null && head.headers().listContains("Upgrade", "websocket")) {
      site.serveSync(open, head, request, response); // async dispatches may not come to a filter
    } else {
      site.serve(open, head, request, response);
    }
    return true;
  }

  /** Serves a request, on the container's thread. */
  static void serve(@Nullable Site site, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getAttribute(CutException.ATTRIBUTE) != null) {
      throw new CutException();
    }
    if (site != null
        && site.webSockets != null
        && request.getAttribute(WebSocketSupport.UPGRADE) instanceof WebSocketUpgrade upgrade) {
      site.webSockets.upgrade(request, response, upgrade);
      return;
    }
    var open = site == null ? null : site.nextOpen();
    if (site == null || open == null) {
      refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    RequestHead head;
    try {
      head = RequestCopy.of(request, site.options);
    } catch (HTTPInputException e) {
      Refusals.log(request.getMethod(), e.status(), e.getMessage());
      refuse(response, e.status());
      return;
    }
    site.serve(open, head, request, response);
  }

  /** Of a loop that still runs, in turns; null if none does. */
  private @Nullable OpenExchanges nextOpen() {
    int first = open.size() == 1 ? 0 : turn.getAndIncrement();
    for (int i = 0; i < open.size(); i++) {
      var next = open.get(Math.floorMod(first + i, open.size()));
      if (!next.abandoned()) {
        return next;
      }
    }
    return null;
  }

  private void serve(
      OpenExchanges open,
      RequestHead head,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (options.mode() == Mode.SYNC) {
      serveSync(open, head, request, response);
    } else if (request.isAsyncSupported()) {
      serveAsync(open, head, request, response);
    } else {
      tellMissingAsync(request);
      if (options.mode() == Mode.AUTO) {
        serveSync(open, head, request, response);
      } else {
        refuse(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      }
    }
  }

  /** Hands the request to the loop as the last act of the container's thread. */
  private void serveAsync(
      OpenExchanges open,
      RequestHead head,
      HttpServletRequest request,
      HttpServletResponse response) {
    // The request as filters have wrapped it, not the container's own.
    var asyncContext = request.startAsync(request, response);
    asyncContext.setTimeout(0);
    var _ =
        open.begin(
            quirks.async(), head, exchange -> AsyncCarrier.of(exchange, quirks, asyncContext));
  }

  /** The container's thread is the carrier's until the exchange is over. */
  private void serveSync(
      OpenExchanges open,
      RequestHead head,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    open.begin(
            quirks.sync(),
            head,
            exchange -> new SyncCarrier(exchange, quirks, webSockets, request, response))
        .run();
  }

  /** On the container's thread, which may block. */
  private static void refuse(HttpServletResponse response, int status) throws IOException {
    var page = ErrorPage.of(status);
    AnswerFields.apply(response, status, page.headers(), page.length());
    response.getOutputStream().write(page.body().array());
  }

  /** Once, since it concerns every request. The container does not tell who it was. */
  private void tellMissingAsync(HttpServletRequest request) {
    if (toldMissingAsync.compareAndSet(false, true)) {
      String who = MissingAsync.explain(where, request);
      if (options.mode() == Mode.AUTO) {
        Log.GENERAL.log(
            Level.WARNING,
            "{0}; until then each such request keeps a thread of the container, in {1}",
            who,
            quirks.sync().name());
      } else {
        Log.GENERAL.log(Level.ERROR, who);
      }
    }
  }
}
