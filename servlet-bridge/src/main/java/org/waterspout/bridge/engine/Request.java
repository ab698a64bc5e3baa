// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.security.Principal;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.ContentType;
import org.waterspout.bridge.message.UnknownCharsetException;
import org.waterspout.http.HTTPHeaders;

/**
 * One request as it came from the client, on one thread at a time. Dispatches see it through
 * wrappers; it never changes its path.
 */
final class Request extends RequestHead {
  private final WebApp app;
  private final Exchange exchange;
  private final BodyStream body;
  private final RequestParts parts;
  private final RequestParameters parameters;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private final Response response;
  private final SessionTracking tracking;

  /** By the contexts that it was dispatched to. */
  private Map<WebApp, SessionTracking> elsewhere = Map.of();

  private final Async async;
  private boolean streamTaken;

  /** Null until it is asked for. */
  private @Nullable BufferedReader reader;

  /** Null until set by the application. */
  private @Nullable String encoding;

  Request(WebApp app, Exchange exchange, ReceivedHead received, RequestEnd end) {
    super(app, exchange, received);
    this.app = app;
    this.exchange = exchange;
    this.attributes.putAll(exchange.tls());
    this.async = new Async(app, exchange, this, end);
    this.body = new BodyStream(exchange.body(), async);
    this.parts = new RequestParts(app, this, received.headers());
    this.parameters = new RequestParameters(this, app.options().limits());
    this.response = new Response(app, exchange, this, async);
    this.tracking = new SessionTracking(app, this, null);
  }

  // ---- what the engine asks

  /**
   * The request in all its wrappers.
   *
   * @throws IllegalArgumentException if it is none of the engine's
   */
  static Request original(ServletRequest request) {
    ServletRequest inner = Wrapped.innermost(request);
    if (inner instanceof Request original) {
      return original;
    }
    throw new IllegalArgumentException("not a request of this container: " + inner.getClass());
  }

  Async async() {
    return async;
  }

  Response response() {
    return response;
  }

  SessionTracking tracking() {
    return tracking;
  }

  /** The sessions of a context that the request was dispatched to. */
  SessionTracking tracking(WebApp target) {
    if (target == app) {
      return tracking;
    }
    if (elsewhere.isEmpty()) {
      elsewhere = new HashMap<>();
    }
    return elsewhere.computeIfAbsent(target, it -> new SessionTracking(it, this, tracking));
  }

  /** The path of a context on this request's connection. */
  String contextPath(WebApp target) {
    return exchange.connection().contextPath() + target.prefix();
  }

  WebApp app() {
    return app;
  }

  /** Whether its end concerns no session and no file. */
  boolean leavesNothing() {
    return parts.isUnread() && tracking.isUnused() && elsewhere.isEmpty();
  }

  /** The request is over, for all sessions that it was in. */
  void leaveSessions() {
    tracking.leave();
    elsewhere.values().forEach(SessionTracking::leave);
  }

  BodyStream body() {
    return body;
  }

  RequestParts parts() {
    return parts;
  }

  /** A request of ours, however wrapped, has come to a servlet that takes the parts of forms. */
  static void reachesMultipart(ServletRequest request, MultipartConfigElement config) {
    if (Wrapped.innermost(request) instanceof Request ours) {
      ours.parts.reaches(config);
    }
  }

  /** Whether the application reads the body itself. */
  boolean bodyTaken() {
    return streamTaken || reader != null;
  }

  // ---- body and parameters

  @Override
  public int getContentLength() {
    long length = getContentLengthLong();
    return length > Integer.MAX_VALUE ? -1 : (int) length;
  }

  @Override
  public long getContentLengthLong() {
    String length = getHeader("Content-Length");
    return length == null ? -1 : FieldValue.length(length);
  }

  @Override
  public @Nullable String getContentType() {
    return getHeader("Content-Type");
  }

  @Override
  public @Nullable String getCharacterEncoding() {
    if (encoding != null) {
      return encoding;
    }
    String type = getContentType();
    String charset = type == null ? null : ContentType.parse(type).charset();
    return charset != null ? charset : app.deployment().requestEncoding();
  }

  @Override
  public void setCharacterEncoding(@Nullable String name) throws UnsupportedEncodingException {
    if (reader != null || parameters.taken() || parts.taken()) {
      return;
    }
    if (name != null) {
      charset(name);
    }
    encoding = name;
  }

  private static Charset charset(String name) throws UnsupportedEncodingException {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedEncodingException(name);
    }
  }

  @Override
  public ServletInputStream getInputStream() {
    if (reader != null) {
      throw new IllegalStateException("getInputStream: getReader has been called");
    }
    streamTaken = true;
    return body;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    if (streamTaken) {
      throw new IllegalStateException("getReader: getInputStream has been called");
    }
    BufferedReader known = reader;
    if (known == null) {
      known = new BufferedReader(new InputStreamReader(body, bodyCharset()));
      reader = known;
    }
    return known;
  }

  private Charset bodyCharset() throws UnsupportedEncodingException {
    String known = getCharacterEncoding();
    String name = known == null ? "latin1" : known;
    try {
      return charset(name);
    } catch (UnsupportedEncodingException e) {
      // The client's: what the application sets is looked at when it is set.
      throw new UnknownCharsetException(name);
    }
  }

  @Override
  public @Nullable String getParameter(String name) {
    List<String> values = parameters.values(name);
    return values == null ? null : values.getFirst();
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    List<String> values = parameters.values(name);
    return values == null ? null : values.toArray(String[]::new);
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(parameters.get().toMap().keySet());
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Collections.unmodifiableMap(parameters.get().toMap());
  }

  @Override
  public Collection<Part> getParts() throws IOException, ServletException {
    return parts.get();
  }

  /** The first part of a name; null if there is none. */
  @Override
  public @Nullable Part getPart(String name) throws IOException, ServletException {
    for (Part part : parts.get()) {
      if (part.getName().equals(name)) {
        return part;
      }
    }
    return null;
  }

  /** Names in lower case; of a field that comes several times the values, joined by commas. */
  @Override
  public Map<String, String> getTrailerFields() {
    if (!isTrailerFieldsReady()) {
      throw new IllegalStateException("getTrailerFields: the body has not been read to its end");
    }
    HTTPHeaders trailers = exchange.trailers();
    if (trailers == null) {
      return Map.of();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    trailers.forEach(
        (name, value) ->
            fields.merge(name.toLowerCase(Locale.ROOT), value, (all, next) -> all + "," + next));
    return fields;
  }

  @Override
  public boolean isTrailerFieldsReady() {
    return getHeader("Transfer-Encoding") == null || body.isFinished();
  }

  // ---- attributes

  @Override
  public @Nullable Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    return Collections.enumeration(List.copyOf(attributes.keySet()));
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      removeAttribute(name);
      return;
    }
    Object old = attributes.put(name, value);
    app.events().attributeSet(this, name, value, old);
  }

  @Override
  public void removeAttribute(String name) {
    Object old = attributes.remove(name);
    if (old != null) {
      app.events().attributeRemoved(this, name, old);
    }
  }

  // ---- context, session, dispatch

  @Override
  public ServletContext getServletContext() {
    return app.context();
  }

  @Override
  public DispatcherType getDispatcherType() {
    return DispatcherType.REQUEST;
  }

  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(@Nullable String path) {
    return app.routing().dispatcher(path, match().path());
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    return tracking.session(create);
  }

  @Override
  public @Nullable HttpSession getSession() {
    return tracking.session(true);
  }

  @Override
  public String changeSessionId() {
    return tracking.changeId();
  }

  @Override
  public @Nullable String getRequestedSessionId() {
    return tracking.requestedId();
  }

  @Override
  public boolean isRequestedSessionIdValid() {
    return tracking.requestedIdValid();
  }

  @Override
  public boolean isRequestedSessionIdFromCookie() {
    return tracking.requestedByCookie();
  }

  @Override
  public boolean isRequestedSessionIdFromURL() {
    return tracking.requestedByURL();
  }

  // ---- asynchronous processing and upgrade

  @Override
  public boolean isAsyncSupported() {
    return async.supported();
  }

  @Override
  public boolean isAsyncStarted() {
    return async.started();
  }

  @Override
  public AsyncContext startAsync() {
    return async.start();
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return async.start(request, response);
  }

  @Override
  public AsyncContext getAsyncContext() {
    return async.context();
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass) throws ServletException {
    return async.upgrade(handlerClass);
  }

  // ---- nobody is known, and logging in is refused as the specification says

  @Override
  public @Nullable String getAuthType() {
    return null;
  }

  @Override
  public @Nullable String getRemoteUser() {
    return null;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return null;
  }

  @Override
  public boolean isUserInRole(String role) {
    return false;
  }

  @Override
  public boolean authenticate(HttpServletResponse response) throws ServletException {
    throw new ServletException("authenticate: no login mechanism is configured");
  }

  @Override
  public void login(String username, String password) throws ServletException {
    throw new ServletException("login: no login mechanism is configured");
  }

  /** Nobody is ever logged in. */
  @Override
  public void logout() {}
}
