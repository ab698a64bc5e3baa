// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.Version;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.util.EnumSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.adapter.Mode;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.adapter.exchange.ErrorPage;
import org.waterspout.adapter.exchange.OpenExchanges;
import org.waterspout.adapter.exchange.Refusals;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.Serving;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPInputException;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/**
 * Runs an {@link Application} as a handler of Undertow, without the servlet API.
 *
 * <pre>{@code
 * var adapter = new UndertowAdapter(application);
 * adapter.start();
 * var undertow = Undertow.builder().addHttpListener(8888, "localhost").setHandler(adapter).build();
 * undertow.start();
 * ...
 * undertow.stop();
 * adapter.close();
 * }</pre>
 *
 * <p>Other handlers may stand in front of it; behind a {@code PathHandler} its routes see the path
 * without the prefix. A path that Undertow reads differently from us is answered with 400. The
 * Application's limits on bodies count, in the place of Undertow's {@code MAX_ENTITY_SIZE}.
 *
 * <p><b>Life.</b> Handlers have none in Undertow, so this one is started and closed by whoever
 * builds the server. {@link #start} starts a loop on a thread of its own, and the Application;
 * {@link #close} ends exchanges that are still open, then the Application, then the loop, and
 * leaves no thread. Before and after, requests are answered with 503. A loop that is given to the
 * constructor is neither started nor stopped: it has to run before {@code start} and until {@code
 * close} has returned.
 *
 * <p><b>WebSockets</b> need nothing of Undertow's own: it hands its connection over once it has
 * answered 101, and they are what they are in the native server. Of its timeouts only {@code
 * IDLE_TIMEOUT}, where it is set, still ends them.
 *
 * <p><b>What is lost</b>, against the native server: notice of clients that leave while nothing is
 * read or written, answers before the answer, paths that Undertow reads differently, and the socket
 * itself.
 *
 * <p>Undertow reads chunked bodies itself, and leniently: what is no size ends the body there.
 *
 * <p>Undertow calls it on its I/O threads: it never blocks one. Where Undertow does the TLS, a
 * connection is only used on its own I/O thread, and each piece is handed over there.
 */
public final class UndertowAdapter implements HttpHandler, AutoCloseable {
  private static final EnumSet<Capability> CAPABILITIES =
      EnumSet.of(
          Capability.STREAMING_REQUEST_BODY,
          Capability.STREAMING_RESPONSE,
          Capability.LONG_POLLING,
          Capability.PER_REQUEST_LIMITS,
          Capability.ABORT,
          Capability.WEBSOCKET,
          Capability.WEBSOCKET_COMPRESSION,
          Capability.WEBSOCKET_PING_CONTROL,
          Capability.WEBSOCKET_PING_NOTICE,
          Capability.CUSTOM_REASON_PHRASE,
          Capability.REQUEST_TRAILERS,
          Capability.RESPONSE_TRAILERS);

  private final Application application;
  private final AdapterOptions options;
  private final @Nullable IOLoop given; // null: one of its own
  private volatile @Nullable Serving serving; // null while not started

  /** A handler that serves an Application, which belongs to it from now on, on a new loop. */
  public UndertowAdapter(Application application) {
    this(null, application, AdapterOptions.defaults());
  }

  /**
   * A handler with these options, on a new loop.
   *
   * @throws IllegalArgumentException if they ask for sync mode, or for several loops
   */
  public UndertowAdapter(Application application, AdapterOptions options) {
    this(null, application, options);
  }

  /** A handler that serves an Application on a loop that somebody else runs. */
  public UndertowAdapter(Application application, IOLoop loop) {
    this(application, AdapterOptions.defaults(), loop);
  }

  /**
   * A handler with these options, on a loop that somebody else runs.
   *
   * @throws IllegalArgumentException if they ask for sync mode, or for several loops
   */
  public UndertowAdapter(Application application, AdapterOptions options, IOLoop loop) {
    this(Objects.requireNonNull(loop, "loop"), application, options);
  }

  private UndertowAdapter(@Nullable IOLoop given, Application application, AdapterOptions options) {
    this.application = Objects.requireNonNull(application, "application");
    this.options = Objects.requireNonNull(options, "options");
    this.given = given;
    if (options.mode() == Mode.SYNC || options.loops() != 1) {
      throw new IllegalArgumentException("neither sync mode nor several loops here: " + options);
    }
  }

  /**
   * Starts the loop and the Application. Not on the loop.
   *
   * @throws IllegalStateException if it is started already, or if the Application needs what
   *     Undertow lacks, unless its settings leave that to the routes, which answer 501 then
   */
  public synchronized void start() {
    if (serving != null) {
      throw new IllegalStateException("started already");
    }
    String name = "Undertow " + Version.getVersionString() + " (native)";
    var deployment = new Deployment(name, CAPABILITIES);
    var limits = new OpenExchanges.Limits(options.maxBodySize(), options.stallTimeout());
    serving = Serving.start("UndertowAdapter", application, deployment, limits, given);
  }

  /**
   * Ends open exchanges, the Application and the loop. Not on the loop. It can be started again.
   */
  @Override
  public synchronized void close() {
    var stopping = serving;
    serving = null;
    if (stopping != null) {
      stopping.stop();
    }
  }

  /** Copies the request and hands it to the loop. */
  @Override
  public void handleRequest(HttpServerExchange http) {
    RequestHead head;
    try {
      head = UndertowRequest.of(http, options);
    } catch (HTTPInputException e) {
      Refusals.log(http.getRequestMethod().toString(), e.status(), e.getMessage());
      refuse(http, e.status());
      return;
    }
    if (http.isRequestChannelAvailable()) {
      http.setMaxEntitySize(-1);
    }
    // Run when the handlers have returned: until then the exchange is Undertow's.
    http.dispatch(SameThreadExecutor.INSTANCE, () -> begin(http, head));
  }

  private void begin(HttpServerExchange http, RequestHead head) {
    var serving = this.serving;
    if (serving == null || !serving.begin(head, self -> new UndertowCarrier(self, http))) {
      refuse(http, 503);
    }
  }

  private static void refuse(HttpServerExchange http, int status) {
    var page = ErrorPage.of(status);
    UndertowCarrier.apply(http, status, page.headers(), page.length());
    http.getResponseSender().send(page.body(), IoCallback.END_EXCHANGE);
  }
}
