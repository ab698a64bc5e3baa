// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.time.Duration;
import java.time.Instant;
import org.waterspout.http.HTTPUtil;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/** Writes the value of a Set-Cookie header, RFC 6265 section 4.1.1. */
final class SetCookie {
  private static final String NOT_IN_VALUE = "\",;\\";
  private static final int MAX_SIZE = 4096; // name and value, RFC 6265 section 6.1

  private SetCookie() {}

  static String header(String name, String value, CookieAttributes attributes) {
    if (!Token.isToken(name)) {
      throw new IllegalArgumentException("not a cookie's name: " + Shown.clean(name));
    }
    requireKept(name, attributes);
    String quoted = quoted(name, value);
    requireTaken(name, quoted);
    var header = new StringBuilder(name).append('=').append(quoted);
    if (attributes.domain() != null) {
      header.append("; Domain=").append(attributes.domain());
    }
    if (attributes.expires() != null) {
      header.append("; Expires=").append(HTTPUtil.formatTimestamp(attributes.expires()));
    }
    if (attributes.maxAge() != null) {
      header.append("; Max-Age=").append(attributes.maxAge().toSeconds());
    }
    header.append("; Path=").append(attributes.path());
    if (attributes.secure()) {
      header.append("; Secure");
    }
    if (attributes.httpOnly()) {
      header.append("; HttpOnly");
    }
    if (attributes.sameSite() != null) {
      header.append("; SameSite=").append(attributes.sameSite().text);
    }
    if (attributes.partitioned()) {
      header.append("; Partitioned");
    }
    return header.toString();
  }

  /**
   * Attributes with which a cookie is forgotten. Those that the name demands are added: without
   * them the cookie could not have been set either, and its name may be one that a client made up.
   */
  static CookieAttributes expired(String name, CookieAttributes attributes) {
    boolean host = hasPrefix(name, "__Host-");
    return new CookieAttributes(
        host ? null : attributes.domain(),
        host ? "/" : attributes.path(),
        Instant.now().minus(Duration.ofDays(365)),
        null,
        attributes.secure() || host || hasPrefix(name, "__Secure-"),
        attributes.httpOnly(),
        attributes.sameSite(),
        attributes.partitioned());
  }

  private static boolean hasPrefix(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** Browsers throw such cookies away without a word (the draft of RFC 6265bis). */
  private static void requireKept(String name, CookieAttributes attributes) {
    boolean crossSite = attributes.sameSite() == CookieAttributes.SameSite.NONE;
    boolean host = hasPrefix(name, "__Host-");
    boolean prefixed = host || hasPrefix(name, "__Secure-");
    if ((crossSite || prefixed || attributes.partitioned()) && !attributes.secure()) {
      throw new IllegalArgumentException("browsers drop cookie " + name + " if it is not secure");
    }
    if (host && (attributes.domain() != null || !attributes.path().equals("/"))) {
      throw new IllegalArgumentException(
          "browsers drop cookie " + name + " if it has a domain, or a path other than /");
    }
  }

  /** Without a value it is one that the client is to forget, and maybe has made up. */
  private static void requireTaken(String name, String value) {
    if (!value.isEmpty() && name.length() + value.length() > MAX_SIZE) {
      throw new IllegalArgumentException(
          "browsers drop cookie "
              + (name.length() > 100 ? name.substring(0, 100) + "..." : name)
              + ": its name and value have more than "
              + MAX_SIZE
              + " bytes");
    }
  }

  /** As it is, or in quotes with octal escapes, as Tornado does, for what RFC 6265 keeps out. */
  private static String quoted(String name, String value) {
    if (!isPlain(value)) {
      throw new IllegalArgumentException(
          "the value of cookie " + name + " has to be visible ASCII: encode it");
    }
    if (value.chars().noneMatch(c -> contains(NOT_IN_VALUE, c))) {
      return value;
    }
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (contains(NOT_IN_VALUE, c)) {
        quoted.append('\\').append((char) ('0' + (c >> 6))).append((char) ('0' + (c >> 3 & 7)));
        quoted.append((char) ('0' + (c & 7)));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static boolean contains(String characters, int c) {
    return characters.indexOf(c) >= 0;
  }
}
