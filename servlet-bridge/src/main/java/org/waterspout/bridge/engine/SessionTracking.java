// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.SessionConfig;
import org.waterspout.bridge.message.HostPort;
import org.waterspout.bridge.session.Session;

/**
 * The session of one request: which one the client named, which one it is now, and how the client
 * is told. The request is in every session it met until {@link #leave}.
 */
final class SessionTracking {
  private static final int RETRY_SECONDS = 1;

  /** Ids in cookies that are looked for: each may cost a question to the store. */
  static final int MAX_COOKIES = 8;

  private final WebApp app;
  private final Request request;
  private final SessionConfig config;

  /** The sessions of the context that the request came to; null if it is that. */
  private final @Nullable SessionTracking origin;

  private final List<Session> entered = new ArrayList<>(1);

  /** The id that the client sent, by preference one that is valid; null if it sent none. */
  private @Nullable String requestedId;

  private boolean requestedByCookie;

  /** Why the session could not be had that the client named; null if it could. */
  private @Nullable IOException failure;

  /** Null while there is none; it may have been invalidated. */
  private @Nullable Session session;

  SessionTracking(WebApp app, Request request, @Nullable SessionTracking origin) {
    this.app = app;
    this.request = request;
    this.origin = origin;
    this.config = app.deployment().session();
    try {
      joinRequested();
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Refuses a request whose session could not be had: going on without would lose it.
   *
   * @throws UnavailableException for a moment
   */
  void check() throws UnavailableException {
    if (failure != null) {
      var unavailable = new UnavailableException("the session store failed", RETRY_SECONDS);
      unavailable.initCause(failure);
      throw unavailable;
    }
  }

  private void joinRequested() throws IOException {
    if (config.byCookie()) {
      int tried = 0;
      for (Cookie cookie : request.cookies()) {
        boolean named = cookie.getName().equals(config.cookieName());
        if (named && session == null && tried++ < MAX_COOKIES) {
          // A client sends the cookie of the context at / too: the first one that is valid counts.
          join(cookie.getValue(), true);
        }
      }
    }
    if (origin != null) {
      joinAsKnownTo(origin);
    } else if (session == null) {
      String id = request.target().canonical().parameter(config.parameterName());
      if (id != null && config.byURL()) {
        join(id, false);
      } else if (requestedId == null) {
        requestedId = id; // what the client says, of which nothing follows
      }
    }
  }

  /** A session that was begun by a dispatch has the id of the one that it was begun beside. */
  private void joinAsKnownTo(SessionTracking origin) throws IOException {
    Session near = origin.session;
    if (session == null && near != null && near.isValid()) {
      join(near.getId(), origin.requestedByCookie);
    }
  }

  private void join(String id, boolean byCookie) throws IOException {
    Session joined = app.sessions().join(id);
    if (joined != null) {
      session = joined;
      entered.add(joined);
    }
    if (joined != null || requestedId == null) {
      requestedId = id;
      requestedByCookie = byCookie;
    }
  }

  /**
   * The session, made if there is none and one is wanted.
   *
   * @throws IllegalStateException if one is wanted and the client can no longer be told
   */
  @Nullable Session session(boolean create) {
    if (failure != null) {
      throw new IllegalStateException("getSession: the session store failed", failure);
    }
    Session known = session;
    if (known != null && known.isValid()) {
      return known;
    }
    if (!create) {
      return null;
    }
    if (config.byCookie() && request.response().isCommitted()) {
      throw new IllegalStateException("getSession: the answer is committed");
    }
    Session created = create();
    session = created;
    entered.add(created);
    tell(created);
    return created;
  }

  /** Beside the session of the context that the request came to, with the same id. */
  private Session create() {
    if (origin == null) {
      return app.sessions().create();
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(origin.app.deployment().classLoader());
    Session near;
    try {
      near = origin.session(true);
    } finally {
      thread.setContextClassLoader(before);
    }
    return app.sessions().create(near == null ? null : near.getId());
  }

  String changeId() {
    Session known = session;
    if (known == null || !known.isValid()) {
      throw new IllegalStateException("changeSessionId: there is no session");
    }
    app.sessions().changeId(known);
    if (!request.response().isCommitted()) {
      tell(known);
    }
    return known.getId();
  }

  private void tell(Session session) {
    if (!config.byCookie()) {
      return;
    }
    request
        .response()
        .setSessionCookie(
            SessionCookie.of(
                config, request.contextPath(app), request.isSecure(), session.getId()));
  }

  @Nullable String requestedId() {
    return requestedId;
  }

  boolean requestedIdValid() {
    String id = requestedId;
    return id != null && (requestedByCookie || config.byURL()) && app.sessions().knows(id);
  }

  boolean requestedByCookie() {
    return requestedId != null && requestedByCookie;
  }

  boolean requestedByURL() {
    return requestedId != null && !requestedByCookie && config.byURL();
  }

  /** Whether the request was in no session. */
  boolean isUnused() {
    return entered.isEmpty();
  }

  /** The request is over. */
  void leave() {
    entered.forEach(Session::leave);
  }

  /** The URL with the session's id in it, if it leads here and the id cannot travel in a cookie. */
  String encode(String url) {
    Session known = session;
    if (!config.byURL() || known == null || !known.isValid() || requestedByCookie()) {
      return url;
    }
    if (url == null || url.startsWith("#")) {
      return url;
    }
    int end = pathEnd(url);
    if (end == 0) {
      // An empty path is that of the request, and an empty URL its query too.
      String query = request.getQueryString();
      String rest = url.isEmpty() && query != null ? "?" + query : url;
      return encode(request.getRequestURI() + rest);
    }
    String target = withoutId(url.substring(0, end));
    int start = pathStart(target);
    if (start < 0) {
      return url;
    }
    String path = target.substring(start);
    String context = request.getContextPath();
    boolean relative = start == 0 && !path.startsWith("/");
    boolean atContextRoot = !relative && path.equals(context);
    if (!relative && !atContextRoot && !path.startsWith(context + "/")) {
      return url;
    }
    // A parameter right behind the context path would make it another name.
    String slash = atContextRoot ? "/" : "";
    String parameter = ";" + config.parameterName() + "=" + known.getId();
    return target + slash + parameter + url.substring(end);
  }

  private static int pathEnd(String url) {
    int end = 0;
    while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
      end++;
    }
    return end;
  }

  /** The path without the id of a session that is in it already. */
  private String withoutId(String path) {
    String parameter = ";" + config.parameterName() + "=";
    int start = path.indexOf(parameter);
    if (start < 0) {
      return path;
    }
    int end = start + parameter.length();
    while (end < path.length() && path.charAt(end) != '/' && path.charAt(end) != ';') {
      end++;
    }
    return withoutId(path.substring(0, start) + path.substring(end));
  }

  /** Where the path begins in a URL without query that leads to this server; else -1. */
  private int pathStart(String url) {
    int scheme = url.indexOf("://");
    if (scheme > 0 && url.substring(0, scheme).chars().allMatch(Character::isLetterOrDigit)) {
      int slash = url.indexOf('/', scheme + 3);
      int end = slash < 0 ? url.length() : slash;
      HostPort there = HostPort.parse(url.substring(scheme + 3, end));
      int defaultPort = url.startsWith("https") ? 443 : 80;
      int port = there.port() < 0 ? defaultPort : there.port();
      boolean here =
          url.substring(0, scheme).equals(request.getScheme())
              && there.host().equalsIgnoreCase(request.getServerName())
              && port == request.getServerPort();
      return here ? end : -1;
    }
    return url.startsWith("//") ? -1 : 0;
  }
}
