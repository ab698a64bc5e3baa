// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.Map;
import org.waterspout.bridge.deployment.SessionConfig;
import org.waterspout.web.CookieAttributes;
import org.waterspout.web.CookieAttributes.SameSite;

/** The cookie that tells a client the id of its session. */
final class SessionCookie {
  private SessionCookie() {}

  /** The cookie in an answer to a request that came for this context path, over TLS or not. */
  static Cookie of(SessionConfig config, String contextPath, boolean secure, String id) {
    var cookie = new Cookie(config.cookieName(), id);
    cookie.setPath(path(config, contextPath));
    if (config.cookieDomain() != null) {
      cookie.setDomain(config.cookieDomain());
    }
    if (config.maxAge() >= 0) {
      cookie.setMaxAge(config.maxAge());
    }
    config.cookieAttributes().forEach(cookie::setAttribute);
    cookie.setHttpOnly(config.httpOnly());
    cookie.setSecure(config.secure() || secure);
    return cookie;
  }

  private static String path(SessionConfig config, String contextPath) {
    String path = config.cookiePath();
    if (path != null) {
      return path;
    }
    return contextPath.isEmpty() ? "/" : contextPath;
  }

  /**
   * The attributes of that cookie, for an answer of a handler.
   *
   * @throws IllegalStateException if handlers cannot set one of them
   */
  static CookieAttributes attributes(SessionConfig config, String contextPath, boolean secure) {
    CookieAttributes attributes = CookieAttributes.DEFAULT.withPath(path(config, contextPath));
    if (config.cookieDomain() != null) {
      attributes = attributes.withDomain(config.cookieDomain());
    }
    if (config.maxAge() >= 0) {
      attributes = attributes.withMaxAge(Duration.ofSeconds(config.maxAge()));
    }
    if (config.httpOnly()) {
      attributes = attributes.withHttpOnly();
    }
    if (config.secure() || secure) {
      attributes = attributes.withSecure();
    }
    for (Map.Entry<String, String> further : config.cookieAttributes().entrySet()) {
      attributes = with(attributes, further.getKey(), further.getValue());
    }
    return attributes;
  }

  private static CookieAttributes with(CookieAttributes attributes, String name, String value) {
    if (name.equalsIgnoreCase("Partitioned")) {
      return attributes.withPartitioned();
    }
    if (name.equalsIgnoreCase("SameSite")) {
      for (SameSite sameSite : SameSite.values()) {
        if (sameSite.name().equalsIgnoreCase(value)) {
          return attributes.withSameSite(sameSite);
        }
      }
    }
    throw new IllegalStateException(
        "handlers cannot set the session cookie's attribute " + name + "=" + value);
  }
}
