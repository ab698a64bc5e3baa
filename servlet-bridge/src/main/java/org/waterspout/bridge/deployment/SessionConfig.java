// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.SessionTrackingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How sessions are kept and how clients are told of them.
 *
 * @param timeout the life of an unused session; zero for ever
 * @param cookiePath null for the context path
 * @param cookieDomain null for none
 * @param secure whether the cookie is always marked so; on https it is in any case
 * @param cookieAttributes further attributes: SameSite and whatever else was set
 */
public record SessionConfig(
    Duration timeout,
    Set<SessionTrackingMode> trackingModes,
    String cookieName,
    @Nullable String cookiePath,
    @Nullable String cookieDomain,
    boolean httpOnly,
    boolean secure,
    int maxAge,
    Map<String, String> cookieAttributes) {
  /** Servlet 6.1 section 7.1.4: a client that takes no cookies has a session, too. */
  public static final Set<SessionTrackingMode> DEFAULT_TRACKING =
      Set.of(SessionTrackingMode.COOKIE, SessionTrackingMode.URL);

  public SessionConfig {
    boolean ofHost = hasPrefix(cookieName, "__Host-");
    secure |= ofHost || hasPrefix(cookieName, "__Secure-");
    if (ofHost) {
      if (cookieDomain != null || (cookiePath != null && !cookiePath.equals("/"))) {
        throw new IllegalArgumentException(
            "browsers take the session cookie "
                + cookieName
                + " for the path / only, and no domain");
      }
      cookiePath = "/";
    }
    trackingModes = Set.copyOf(trackingModes);
    cookieAttributes = Map.copyOf(cookieAttributes);
  }

  /** RFC 6265bis section 4.1.3: what a name promises, browsers demand. */
  private static boolean hasPrefix(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** Whether sessions are tracked by cookie. */
  public boolean byCookie() {
    return trackingModes.contains(SessionTrackingMode.COOKIE);
  }

  /** Whether sessions are tracked by a path parameter; it is called as the cookie is. */
  public boolean byURL() {
    return trackingModes.contains(SessionTrackingMode.URL);
  }

  /** The name of the path parameter: {@code jsessionid}, or a cookie name that was chosen. */
  public String parameterName() {
    return cookieName.equals(SessionCookieDraft.DEFAULT_NAME) ? "jsessionid" : cookieName;
  }
}
