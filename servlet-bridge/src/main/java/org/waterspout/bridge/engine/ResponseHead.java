// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Cookies;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;

/** Status and headers of an answer. What comes after the commit is ignored. */
abstract sealed class ResponseHead implements HttpServletResponse permits Response {
  /** The only status below 200 that can be set: for upgrades. */
  static final int SWITCHING = SC_SWITCHING_PROTOCOLS;

  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String CONTENT_RANGE = "Content-Range";
  private static final String SET_COOKIE = "Set-Cookie";

  /** What speaks of the content that an error page takes the place of. */
  private static final List<String> ERROR_CLEARS =
      List.of(
          CONTENT_TYPE,
          CONTENT_LENGTH,
          "Content-Encoding",
          "Content-Language",
          CONTENT_RANGE,
          "Content-Disposition",
          "Cache-Control",
          "ETag",
          "Expires",
          "Last-Modified");

  private final WebApp app;
  private HTTPHeaders headers = new HTTPHeaders();
  private ResponseType type;
  private int status = SC_OK;
  private long declaredLength = -1;

  /** The Set-Cookie fields of sessions that were begun or renamed, by name and path. */
  private Map<String, String> sessionCookies = Map.of();

  ResponseHead(WebApp app) {
    this.app = app;
    this.type = newType();
  }

  private ResponseType newType() {
    return new ResponseType(
        app.deployment().responseEncoding(), app.deployment().localeEncodings());
  }

  final HTTPHeaders headers() {
    return headers;
  }

  /** The announced length; negative if there is none. */
  final long declaredLength() {
    return declaredLength;
  }

  /** A writer is in use: its charset stays. */
  final void fixCharset() {
    type.fix();
    applyType();
  }

  /** Forgets everything but the session. */
  final void clearHead() {
    headers = new HTTPHeaders();
    type = newType();
    status = SC_OK;
    declaredLength = -1;
    sessionCookies.values().forEach(cookie -> headers.add(SET_COOKIE, cookie));
  }

  /** Forgets what speaks of the content, and takes another status. */
  final void resetHead(int status) {
    type = newType();
    declaredLength = -1;
    // RFC 9110 section 15.5.17: the field says what there would have been.
    String range = status == SC_REQUESTED_RANGE_NOT_SATISFIABLE ? getHeader(CONTENT_RANGE) : null;
    ERROR_CLEARS.forEach(headers::remove);
    if (range != null) {
      headers.set(CONTENT_RANGE, range);
    }
    this.status = status;
  }

  /** Tells the client a session's id, in the place of what it was told before. */
  final void setSessionCookie(Cookie cookie) {
    String field = Cookies.format(cookie);
    if (sessionCookies.isEmpty()) {
      sessionCookies = new LinkedHashMap<>();
    }
    String replaced = sessionCookies.put(cookie.getName() + cookie.getPath(), field);
    List<String> others = headers.getList(SET_COOKIE);
    headers.remove(SET_COOKIE);
    for (String other : others) {
      if (!other.equals(replaced)) {
        headers.add(SET_COOKIE, other);
      }
    }
    headers.add(SET_COOKIE, field);
  }

  // ---- type, charset, locale, length

  @Override
  public final @Nullable String getContentType() {
    return type.header();
  }

  @Override
  public final void setContentType(@Nullable String value) {
    if (!isCommitted()) {
      type.setType(value);
      applyType();
    }
  }

  @Override
  public final String getCharacterEncoding() {
    return type.charset();
  }

  @Override
  public final void setCharacterEncoding(@Nullable String encoding) {
    if (!isCommitted()) {
      type.setCharset(encoding);
      applyType();
    }
  }

  @Override
  public final Locale getLocale() {
    Locale locale = type.locale();
    return locale == null ? Locale.getDefault() : locale;
  }

  @Override
  public final void setLocale(@Nullable Locale locale) {
    if (isCommitted()) {
      return;
    }
    type.setLocale(locale);
    applyType();
    if (locale == null) {
      headers.remove("Content-Language");
    } else {
      headers.set("Content-Language", locale.toLanguageTag());
    }
  }

  private void applyType() {
    String header = type.header();
    if (header == null) {
      headers.remove(CONTENT_TYPE);
    } else {
      headers.set(CONTENT_TYPE, FieldValue.of(header));
    }
  }

  @Override
  public final void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public final void setContentLengthLong(long length) {
    if (!isCommitted()) {
      setLength(length);
    }
  }

  /** Sets the length whatever else is known; negative for none. */
  final void setLength(long length) {
    declaredLength = Math.max(length, -1);
    if (length < 0) {
      headers.remove(CONTENT_LENGTH);
    } else {
      headers.set(CONTENT_LENGTH, Long.toString(length));
    }
  }

  // ---- status and headers

  @Override
  public final int getStatus() {
    return status;
  }

  @Override
  public final void setStatus(int status) {
    if (!isCommitted()) {
      this.status = checkedStatus(status);
    }
  }

  private static int checkedStatus(int status) {
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("not the status of an answer: " + status);
    }
    return status;
  }

  @Override
  public final void setHeader(@Nullable String name, @Nullable String value) {
    if (name == null || name.isEmpty() || isCommitted()) {
      return;
    }
    if (value == null) {
      removeHeader(name);
    } else if (!isSpecial(name, value)) {
      headers.set(name, FieldValue.of(value));
    }
  }

  @Override
  public final void addHeader(@Nullable String name, @Nullable String value) {
    if (name == null || name.isEmpty() || value == null || isCommitted()) {
      return;
    }
    if (!isSpecial(name, value)) {
      headers.add(name, FieldValue.of(value));
    }
  }

  private void removeHeader(String name) {
    if (name.equalsIgnoreCase(CONTENT_TYPE)) {
      setContentType(null);
    } else if (name.equalsIgnoreCase(CONTENT_LENGTH)) {
      setContentLengthLong(-1);
    } else {
      headers.remove(name);
    }
  }

  /** Headers that are kept elsewhere too, and the framing, which is the connection's. */
  private boolean isSpecial(String name, String value) {
    if (name.equalsIgnoreCase(CONTENT_TYPE)) {
      setContentType(value);
      return true;
    }
    if (name.equalsIgnoreCase(CONTENT_LENGTH)) {
      setContentLengthLong(FieldValue.length(value));
      return true;
    }
    return name.equalsIgnoreCase("Transfer-Encoding");
  }

  @Override
  public final void setIntHeader(@Nullable String name, int value) {
    setHeader(name, Integer.toString(value));
  }

  @Override
  public final void addIntHeader(@Nullable String name, int value) {
    addHeader(name, Integer.toString(value));
  }

  @Override
  public final void setDateHeader(@Nullable String name, long date) {
    setHeader(name, HTTPUtil.formatTimestamp(Instant.ofEpochMilli(date)));
  }

  @Override
  public final void addDateHeader(@Nullable String name, long date) {
    addHeader(name, HTTPUtil.formatTimestamp(Instant.ofEpochMilli(date)));
  }

  @Override
  public final void addCookie(Cookie cookie) {
    if (!isCommitted()) {
      headers.add(SET_COOKIE, Cookies.format(cookie));
    }
  }

  @Override
  public final boolean containsHeader(String name) {
    return headers.contains(name);
  }

  @Override
  public final @Nullable String getHeader(String name) {
    List<String> values = headers.getList(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  @Override
  public final Collection<String> getHeaders(String name) {
    return headers.getList(name);
  }

  @Override
  public final Collection<String> getHeaderNames() {
    return headers.names();
  }
}
