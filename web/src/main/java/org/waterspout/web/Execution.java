// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.HTTPUtil;
import org.waterspout.http.MissingCapabilityException;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Scope;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.routing.Mount;
import org.waterspout.routing.PathArguments;

/**
 * One request on its way through one handler.
 *
 * <pre>
 *   headers received
 *   body collected          (streamed: later)
 *   handler made, class checked
 *   method known?           405
 *   body arguments parsed   400, 415
 *   path arguments decoded  400
 *   XSRF token checked      403
 *   prepare
 *   user known?             to the login page, 403
 *   body streamed           (streamed only)
 *   verb method             unless prepare finished the answer
 *   finish                  unless the method is asynchronous
 *   onFinish
 * </pre>
 *
 * <p>Everything of the user's runs in a context whose error route leads back here, so that a
 * callback that fails answers its own request. Each step is entered from base level and may await;
 * whoever comes back looks again whether the answer is finished.
 */
final class Execution implements HTTPMessageDelegate {
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "DELETE", "PATCH", "PUT", "OPTIONS");

  /** They change nothing (RFC 9110 section 9.2.1), so nobody gains by forging them. */
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final Route route;
  private final HTTPServerRequest request;
  private final HTTPConnection connection;
  private final PathArguments encodedArguments;
  private final Scope scope;
  private final Context context;
  private final Response response;
  private final ErrorRoute errors;
  private ByteChunks body = ByteChunks.NONE; // one of its own from the first piece on
  private @Nullable RequestHandler handler; // null until it is needed
  private @Nullable HTTPMessageDelegate successor; // null unless the request was handed over
  private @Nullable CompletionStage<?> successorsRoom; // null: it takes the body at once
  private @Nullable Throwable successorsRefusal; // null: it has taken the request
  private PathArguments pathArguments = PathArguments.NONE; // until they are decoded
  private @Nullable Application entrance; // null: a router found it by itself

  Execution(Route route, HTTPServerRequest request, PathArguments encodedArguments) {
    this.route = route;
    this.request = request;
    this.connection = request.connection();
    this.encodedArguments = encodedArguments;
    var settings = settings();
    this.response = new Response(connection, new Transforms(settings.transforms(), request));
    this.errors = new ErrorRoute(this, response);
    this.scope = new Scope(connection.loop(), this::requestId);
    this.context = connection.loop().context().withErrorRoute(errors).withScope(scope);
    request.setFormLimits(settings.formLimits());
    String idHeader = settings.requestIdHeader();
    if (idHeader != null) {
      request.setId(RequestId.of(request.headers().get(idHeader)));
    }
  }

  /** The application that looked for a receiver; of several within each other, the outermost. */
  void setEntrance(Application entrance) {
    this.entrance = entrance;
  }

  // ---- the message arrives

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
      throws Exception {
    if (route.mayStreamBody()) {
      inContext(
          () -> {
            if (handler().facts().streamsBody()) {
              begin();
            }
          });
    }
    return successorsAnswer();
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
    if (successor != null) {
      return successor.dataReceived(chunk);
    }
    if (streamsBody()) {
      if (!response.finished()) {
        inContext(() -> handler().dataReceived(chunk));
      }
    } else if (route.wantsBody()) {
      if (body.isEmpty()) {
        body = new ByteChunks();
      }
      body.add(chunk);
    }
    return null;
  }

  @Override
  public void trailersReceived(HTTPHeaders trailers) throws Exception {
    if (successor != null) {
      successor.trailersReceived(trailers);
      return;
    }
    request.setTrailers(trailers);
  }

  @Override
  public void finish() throws Exception {
    if (successor != null) {
      successor.finish();
      return;
    }
    inContext(
        () -> {
          if (!streamsBody()) {
            request.setBody(body.take());
            body = ByteChunks.NONE;
            begin();
          }
          respond();
        });
  }

  @Override
  public void onConnectionClose() {
    if (successor != null) {
      successor.onConnectionClose();
      return;
    }
    if (response.finished()) {
      return;
    }
    response.onConnectionClose();
    if (handler != null) {
      tellOfLoss(handler);
    }
  }

  private void tellOfLoss(RequestHandler handler) {
    context.run(() -> tell(handler, handler::onConnectionClose));
    context.run(() -> tell(handler, () -> cancelOnDisconnect(handler)));
  }

  private void cancelOnDisconnect(RequestHandler handler) {
    if (handler.cancelOnDisconnect()) {
      scope.cancel("the client has gone");
    }
  }

  // ---- the steps

  private void begin() throws Exception {
    setDeadline(settings().requestDeadline());
    var handler = handler();
    if (!handler.takes(request.method())) {
      throw new HTTPError(405);
    }
    if (!handler.facts().streamsBody()) {
      var _ = request.bodyArguments();
    }
    pathArguments = Arguments.decode(handler, encodedArguments);
    if (route.application().settings.xsrfCookies() && !SAFE_METHODS.contains(request.method())) {
      handler.checkXsrfCookie();
    }
    handler.prepare();
    if (!response.finished() && handler.facts().requiresUser(request.method())) {
      handler.requireUser();
    }
  }

  private void respond() throws Exception {
    if (response.finished()) {
      return;
    }
    var handler = handler();
    TrailingSlash.correct(handler);
    if (response.finished()) {
      return;
    }
    handler.dispatch(request.method());
    if (!response.finished() && !handler.facts().isAsynchronous(request.method())) {
      var _ = end();
    }
  }

  /** Ends the answer, writes the access log, and tells the handler. */
  LoopFuture<Void> end() {
    response.requireUnfinished("finished");
    if (response.status() == 200 && !response.headersWritten()) {
      checkConditions();
    }
    try {
      return response.finish();
    } finally {
      if (response.finished()) {
        afterEnd();
      }
    }
  }

  /** RFC 9110 section 13: what the client knows already is not sent. */
  private void checkConditions() {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return;
    }
    handler().setEtagHeader();
    var headers = response.headers();
    String modified = headers.get("Last-Modified");
    switch (Conditions.of(
        request.headers(),
        headers.get("ETag"),
        modified == null ? null : HTTPUtil.parseTimestamp(modified))) {
      case MET -> {}
      case NOT_MODIFIED -> response.withholdBody(304);
      case FAILED -> response.withholdBody(412);
    }
  }

  /** Answers 101 and hands the stream over. */
  <T> T switchProtocols(String protocol, Function<IOStream, T> owner) {
    var owned = owner.apply(response.switchProtocols(protocol));
    afterEnd();
    return owned;
  }

  /** Has the connection answer 101 and go on by WebSocket. Awaits. */
  <T> T openWebSocket(
      @Nullable String subprotocol, int maxMessageSize, Function<UpgradedConnection, T> owner) {
    T owned = response.openWebSocket(subprotocol, maxMessageSize, owner);
    afterEnd();
    return owned;
  }

  /**
   * Gives request and exchange to somebody else, who gets all that is still to come. For a handler
   * that streams the body, when the headers have arrived. What the other throws or returns at that
   * is the connection's, as if there were no handler between them.
   */
  void handOver(HTTPServerConnectionDelegate delegate) {
    var handler = handler();
    if (handler.facts().requiresUser(request.method())) {
      handler.requireUser();
      if (response.finished()) {
        return;
      }
    }
    if (response.clientGone()) {
      throw new StreamClosedException(null);
    }
    response.handOver();
    scope.removeDeadline();
    var startLine = new RequestStartLine(request.method(), request.uri(), request.version());
    try {
      if (delegate instanceof Mount mount) {
        MountGuard.check(entrance, request, mount);
      }
      var next = delegate.startRequest(request.serverConnection(), connection);
      successor = next;
      successorsRoom = next.headersReceived(startLine, request.headers());
    } catch (Throwable e) {
      successorsRefusal = e;
    }
    tell(handler, handler::onFinish);
  }

  /** What the connection would see of the one to whom the request was handed over. */
  private @Nullable CompletionStage<?> successorsAnswer() throws Exception {
    return switch (successorsRefusal) {
      case null -> successorsRoom;
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(successorsRefusal);
    };
  }

  IOStream detach() {
    var stream = response.detach();
    scope.removeDeadline();
    return stream;
  }

  /** Ends an answer that is not complete, so that the client sees that; in whatever context. */
  void cut() {
    if (!response.finished()) {
      response.abort();
      context.run(this::afterEnd);
    }
  }

  /** Ends an answer that nobody is there to get, which a write may have been the first to see. */
  void abandon() {
    if (!response.finished()) {
      scope.removeDeadline();
      response.abort();
      if (response.lossUntold()) {
        tellOfLoss(handler());
      }
      tell(handler(), handler()::onFinish);
    }
  }

  private void afterEnd() {
    scope.removeDeadline();
    var handler = handler();
    tell(handler, () -> route.application().logRequest(handler));
    tell(handler, handler::onFinish);
  }

  /** Calls what cannot change the answer any more. */
  private static void tell(RequestHandler handler, Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      ErrorRoute.logged(handler, e);
      IOLoop.rethrowIfFatal(e);
    }
  }

  // ---- the handler

  boolean streamsBody() {
    return handler != null && handler.facts().streamsBody();
  }

  /** Made on first use. What prevents that is a handler of its own, so that it has a page. */
  RequestHandler handler() {
    if (handler == null) {
      handler = makeHandler();
    }
    return handler;
  }

  private RequestHandler makeHandler() {
    try {
      var made = route.newHandler();
      var missing = made.facts().firstMissing(connection.capabilities());
      if (missing == null) {
        return attached(made);
      }
      return attached(new ErrorHandler(missing(missing, made.getClass().getName())));
    } catch (Throwable e) {
      return attached(new ErrorHandler(e));
    }
  }

  private RequestHandler attached(RequestHandler made) {
    made.attach(this);
    setDefaultHeaders(made);
    return made;
  }

  /**
   * Whether this exchange can do what a method of the handler needs.
   *
   * @throws MissingCapabilityException if it cannot, and the handler did not say that it copes
   */
  boolean offers(Capability capability, String method) {
    var handler = handler();
    boolean offered = connection.capabilities().contains(capability);
    if (!offered && !handler.facts().prefers().contains(capability)) {
      throw missing(capability, handler.getClass().getName() + "." + method);
    }
    return offered;
  }

  private MissingCapabilityException missing(Capability capability, String who) {
    String where = who + " (route " + route.pattern() + ")";
    return new MissingCapabilityException(capability, where, connection.deployment());
  }

  private void inContext(Step step) {
    context.run(
        () -> {
          try {
            step.run();
          } catch (Throwable e) {
            errors.accept(e);
            IOLoop.rethrowIfFatal(e);
          }
        });
  }

  /** Back to the beginning of the answer. */
  void clear() {
    response.clear();
    setDefaultHeaders(handler());
  }

  private void setDefaultHeaders(RequestHandler handler) {
    String idHeader = settings().requestIdHeader();
    if (idHeader != null) {
      response.headers().set(idHeader, requestId());
    }
    handler.setDefaultHeaders();
  }

  void sendError(int status) {
    errors.sendError(status, null);
  }

  // ---- for the handler

  String requestId() {
    String id = request.id();
    if (id == null) {
      id = RequestId.next();
      request.setId(id);
    }
    return id;
  }

  void setDeadline(Duration fromNow) {
    if (fromNow.isZero() || response.finished()) {
      scope.removeDeadline();
    } else {
      scope.setDeadline(fromNow, () -> deadlineOver(fromNow));
    }
  }

  /** What awaits is cancelled, and its end is answered; where nothing does, this is. */
  private void deadlineOver(Duration limit) {
    errors.overdue(limit);
    scope.cancel("the request has not been answered within " + limit);
    connection.loop().addCallback(errors::answerOverdue);
  }

  Scope scope() {
    return scope;
  }

  private Settings settings() {
    return route.application().settings;
  }

  Route route() {
    return route;
  }

  HTTPServerRequest request() {
    return request;
  }

  Response response() {
    return response;
  }

  PathArguments encodedArguments() {
    return encodedArguments;
  }

  List<@Nullable String> pathArgs() {
    return pathArguments.positional();
  }

  Map<String, @Nullable String> pathKwargs() {
    return pathArguments.named();
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
