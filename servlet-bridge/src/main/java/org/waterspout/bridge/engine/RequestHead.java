// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.bridge.mapping.ServletMatch;
import org.waterspout.bridge.message.Cookies;
import org.waterspout.bridge.message.HTTPDates;
import org.waterspout.bridge.message.HostPort;
import org.waterspout.bridge.message.Languages;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;

/** What the head of a request and its connection say: path, headers, addresses. */
abstract sealed class RequestHead implements HttpServletRequest permits Request {
  private static final AtomicLong IDS = new AtomicLong();

  private final WebApp app;
  private final Exchange exchange;
  private final RequestStartLine startLine;
  private final HTTPHeaders headers;
  private final RequestTarget target;
  private final ServletMatch match;
  private final String contextPath;
  private final HostPort host;
  private final List<Cookie> cookies = new ArrayList<>(0);

  /** Null until it is asked for. */
  private @Nullable String id;

  RequestHead(WebApp app, Exchange exchange, ReceivedHead received) {
    this.app = app;
    this.exchange = exchange;
    this.startLine = received.startLine();
    this.headers = received.headers();
    this.target = received.target();
    this.match = app.routing().match(target.canonical().path());
    this.contextPath = exchange.connection().contextPath() + app.prefix();
    String authority = target.authority() != null ? target.authority() : headers.get("Host");
    this.host = HostPort.parse(authority == null ? "" : authority);
    for (String field : headers.getList("Cookie")) {
      cookies.addAll(Cookies.parse(field));
    }
  }

  final RequestTarget target() {
    return target;
  }

  final ServletMatch match() {
    return match;
  }

  final List<Cookie> cookies() {
    return cookies;
  }

  // ---- request line and path

  @Override
  public final String getMethod() {
    return startLine.method();
  }

  @Override
  public final String getProtocol() {
    return startLine.version();
  }

  @Override
  public final String getRequestURI() {
    String path = target.canonical().path();
    // Section 10.10: a welcome file is served as if the client had asked for it.
    return match.path().equals(path)
        ? exchange.connection().contextPath() + target.rawPath()
        : contextPath + CanonicalPath.encode(match.path());
  }

  @Override
  public final StringBuffer getRequestURL() {
    var url = new StringBuffer(getScheme()).append("://").append(getServerName());
    int port = getServerPort();
    if (port > 0 && port != defaultPort()) {
      url.append(':').append(port);
    }
    return url.append(getRequestURI());
  }

  @Override
  public final String getContextPath() {
    return contextPath;
  }

  @Override
  public final String getServletPath() {
    return match.servletPath();
  }

  @Override
  public final @Nullable String getPathInfo() {
    return match.pathInfo();
  }

  @Override
  public final @Nullable String getPathTranslated() {
    return app.context().realPath(getPathInfo());
  }

  @Override
  public final @Nullable String getQueryString() {
    return target.query();
  }

  @Override
  public final HttpServletMapping getHttpServletMapping() {
    return match.mapping();
  }

  // ---- headers

  @Override
  public final @Nullable String getHeader(String name) {
    List<String> values = headers.getList(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  @Override
  public final Enumeration<String> getHeaders(String name) {
    return Collections.enumeration(headers.getList(name));
  }

  @Override
  public final Enumeration<String> getHeaderNames() {
    return Collections.enumeration(headers.names());
  }

  @Override
  public final int getIntHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  @Override
  public final long getDateHeader(String name) {
    String value = getHeader(name);
    return value == null ? -1 : HTTPDates.parse(value);
  }

  @Override
  public final Cookie @Nullable [] getCookies() {
    return cookies.isEmpty()
        ? null
        : cookies.stream().map(cookie -> (Cookie) cookie.clone()).toArray(Cookie[]::new);
  }

  @Override
  public final Locale getLocale() {
    return locales().getFirst();
  }

  @Override
  public final Enumeration<Locale> getLocales() {
    return Collections.enumeration(locales());
  }

  private List<Locale> locales() {
    String field = headers.get("Accept-Language");
    List<Locale> accepted = field == null ? List.of() : Languages.parse(field);
    return accepted.isEmpty() ? List.of(Locale.getDefault()) : accepted;
  }

  // ---- connection

  private ConnectionContext connection() {
    return exchange.connection().context();
  }

  @Override
  public final String getScheme() {
    return connection().protocol();
  }

  @Override
  public final boolean isSecure() {
    return connection().protocol().equals("https");
  }

  private int defaultPort() {
    return isSecure() ? 443 : 80;
  }

  @Override
  public final String getServerName() {
    return host.host().isEmpty() ? connection().localIP() : host.host();
  }

  @Override
  public final int getServerPort() {
    if (host.host().isEmpty()) {
      return connection().localPort();
    }
    return host.port() < 0 ? defaultPort() : host.port();
  }

  @Override
  public final String getRemoteAddr() {
    return connection().remoteIP();
  }

  /** The address: names are not looked up. */
  @Override
  public final String getRemoteHost() {
    return connection().remoteIP();
  }

  @Override
  public final int getRemotePort() {
    return connection().remotePort();
  }

  @Override
  public final String getLocalName() {
    return connection().localIP();
  }

  @Override
  public final String getLocalAddr() {
    return connection().localIP();
  }

  @Override
  public final int getLocalPort() {
    return connection().localPort();
  }

  @Override
  public final String getRequestId() {
    String known = id;
    if (known == null) {
      known = Long.toHexString(IDS.incrementAndGet());
      id = known;
    }
    return known;
  }

  /** Empty: HTTP/1 has none. */
  @Override
  public final String getProtocolRequestId() {
    return "";
  }

  @Override
  public final ServletConnection getServletConnection() {
    return ConnectionView.of(exchange.serverConnection(), exchange.encrypted());
  }
}
