// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * Where, how long and to whom a browser sends a cookie back, RFC 6265 section 4.1.2.
 *
 * <pre>{@code
 * setCookie("sid", id, CookieAttributes.DEFAULT.withHttpOnly().withSecure().withSameSite(LAX));
 * }</pre>
 *
 * @param domain null: only the host that set it
 * @param path the prefix of the paths it is for
 * @param expires null: with the browser's session, unless maxAge says otherwise
 * @param maxAge how long it lives from now on; null: as expires says
 * @param secure over https only
 * @param httpOnly out of the reach of scripts
 * @param sameSite null: the browser's default
 * @param partitioned whether a page of each other site that embeds this one has a cookie of its own
 */
public record CookieAttributes(
    @Nullable String domain,
    String path,
    @Nullable Instant expires,
    @Nullable Duration maxAge,
    boolean secure,
    boolean httpOnly,
    @Nullable SameSite sameSite,
    boolean partitioned) {
  /** For the whole host, until the browser ends its session. */
  public static final CookieAttributes DEFAULT =
      new CookieAttributes(null, "/", null, null, false, false, null, false);

  /**
   * What signed cookies get if nothing else is said: the default, but for 30 days, out of the reach
   * of scripts, and not on what other sites post.
   */
  public static final CookieAttributes SIGNED =
      DEFAULT.withMaxAge(Duration.ofDays(30)).withHttpOnly().withSameSite(SameSite.LAX);

  /** Whether requests that other sites cause carry the cookie. */
  public enum SameSite {
    /** Never. */
    STRICT("Strict"),
    /** When the user follows a link. */
    LAX("Lax"),
    /** Always; browsers want {@code secure} too. */
    NONE("None");

    final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  public CookieAttributes {
    requirePlain("domain", domain);
    requirePlain("path", path);
  }

  /** The same for a domain and the hosts in it. */
  public CookieAttributes withDomain(String domain) {
    return new CookieAttributes(
        domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /** The same for paths with this prefix. */
  public CookieAttributes withPath(String path) {
    return new CookieAttributes(
        domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /** The same until then. */
  public CookieAttributes withExpires(Instant expires) {
    return new CookieAttributes(
        domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /** The same for a time that begins when the browser gets it; rounded down to seconds. */
  public CookieAttributes withMaxAge(Duration maxAge) {
    return new CookieAttributes(
        domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /** The same over https only. */
  public CookieAttributes withSecure() {
    return new CookieAttributes(
        domain, path, expires, maxAge, true, httpOnly, sameSite, partitioned);
  }

  /** The same, out of the reach of scripts. */
  public CookieAttributes withHttpOnly() {
    return new CookieAttributes(domain, path, expires, maxAge, secure, true, sameSite, partitioned);
  }

  /** The same with a rule for requests that other sites cause. */
  public CookieAttributes withSameSite(SameSite sameSite) {
    return new CookieAttributes(
        domain, path, expires, maxAge, secure, httpOnly, sameSite, partitioned);
  }

  /** The same, kept apart for each site that embeds this one; browsers want {@code secure} too. */
  public CookieAttributes withPartitioned() {
    return new CookieAttributes(domain, path, expires, maxAge, secure, httpOnly, sameSite, true);
  }

  private static void requirePlain(String what, @Nullable String value) {
    if (value != null && !value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ';')) {
      throw new IllegalArgumentException("not a cookie's " + what + ": " + Shown.clean(value));
    }
  }
}
