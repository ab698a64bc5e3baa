// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.jetty;

import java.util.EnumSet;
import java.util.Objects;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
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
 * Runs an {@link Application} as a handler of Jetty 12.1, without the servlet API.
 *
 * <pre>{@code
 * var server = new Server(8888);
 * server.setHandler(new JettyAdapter(application));
 * server.start();
 * }</pre>
 *
 * <p>Other handlers may stand in front of it, and beside it in a {@code Handler.Sequence}: it
 * answers every request that it gets. Behind a {@code ContextHandler} its routes see the path
 * without the context path. A path that Jetty reads differently from us is answered with 400.
 *
 * <p><b>Life.</b> Starting the server starts the adapter: a loop on a thread of its own, and the
 * Application. Stopping the server ends exchanges that are still open, then the Application, then
 * the loop, and leaves no thread. It can be started again. A loop that is given to the constructor
 * is neither started nor stopped: it has to run before the server starts and until the server has
 * stopped. What the Application needs and Jetty lacks fails the start of the server with a message
 * that says so, or is answered with 501, as the Application's settings say.
 *
 * <p><b>WebSockets</b> need nothing of Jetty's own: it hands its connection over once it has
 * answered 101, and they are what they are in the native server. Its idle timeout does not end
 * them.
 *
 * <p><b>What is lost</b>, against the native server: notice of clients that leave while nothing is
 * read or written, reason phrases of one's own, paths that Jetty refuses, and the socket itself.
 *
 * <p>Jetty calls it on its own threads, selectors among them: it never blocks one.
 */
public final class JettyAdapter extends Handler.Abstract.NonBlocking {
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
          Capability.INFORMATIONAL_ANSWERS,
          Capability.REQUEST_TRAILERS,
          Capability.RESPONSE_TRAILERS);

  private final Application application;
  private final AdapterOptions options;
  private final @Nullable IOLoop given; // null: one of its own
  private volatile @Nullable Serving serving; // null while not started

  /** A handler that serves an Application, which belongs to it from now on, on a new loop. */
  public JettyAdapter(Application application) {
    this(null, application, AdapterOptions.defaults());
  }

  /**
   * A handler with these options, on a new loop.
   *
   * @throws IllegalArgumentException if they ask for sync mode, or for several loops
   */
  public JettyAdapter(Application application, AdapterOptions options) {
    this(null, application, options);
  }

  /** A handler that serves an Application on a loop that somebody else runs. */
  public JettyAdapter(Application application, IOLoop loop) {
    this(application, AdapterOptions.defaults(), loop);
  }

  /**
   * A handler with these options, on a loop that somebody else runs.
   *
   * @throws IllegalArgumentException if they ask for sync mode, or for several loops
   */
  public JettyAdapter(Application application, AdapterOptions options, IOLoop loop) {
    this(Objects.requireNonNull(loop, "loop"), application, options);
  }

  private JettyAdapter(@Nullable IOLoop given, Application application, AdapterOptions options) {
    this.application = Objects.requireNonNull(application, "application");
    this.options = Objects.requireNonNull(options, "options");
    this.given = given;
    if (options.mode() == Mode.SYNC || options.loops() != 1) {
      throw new IllegalArgumentException("neither sync mode nor several loops here: " + options);
    }
  }

  @Override
  protected void doStart() throws Exception {
    var deployment = new Deployment("Jetty " + Server.getVersion() + " (core)", CAPABILITIES);
    var limits = new OpenExchanges.Limits(options.maxBodySize(), options.stallTimeout());
    serving = Serving.start("JettyAdapter", application, deployment, limits, given);
    super.doStart();
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    var stopping = serving;
    serving = null;
    if (stopping != null) {
      stopping.stop();
    }
  }

  /** Copies the request and hands it to the loop. */
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    RequestHead head;
    try {
      head = JettyRequest.of(request, options);
    } catch (HTTPInputException e) {
      Refusals.log(request.getMethod(), e.status(), e.getMessage());
      refuse(response, callback, e.status());
      return true;
    }
    var serving = this.serving;
    if (serving == null
        || !serving.begin(head, self -> new JettyCarrier(self, request, response, callback))) {
      refuse(response, callback, 503);
    }
    return true;
  }

  private static void refuse(Response response, Callback callback, int status) {
    var page = ErrorPage.of(status);
    JettyCarrier.apply(response, status, page.headers(), page.length());
    response.write(true, page.body(), callback);
  }
}
