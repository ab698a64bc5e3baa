// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import jakarta.servlet.http.Cookie;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.waterspout.http.HTTPUtil;

/** Cookies as RFC 6265 writes them. */
public final class Cookies {
  private Cookies() {}

  /** The cookies of a Cookie field; pairs whose name is not a token are left out. */
  public static List<Cookie> parse(String field) {
    List<Cookie> cookies = new ArrayList<>();
    for (String pair : field.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        continue;
      }
      String name = pair.substring(0, equals).strip();
      if (isToken(name)) {
        // RFC 6265 section 4.1.1: quotes are part of the value.
        cookies.add(new Cookie(name, pair.substring(equals + 1).strip()));
      }
    }
    return cookies;
  }

  /**
   * A Set-Cookie field.
   *
   * @throws IllegalArgumentException if value or attributes cannot stand in one
   */
  public static String format(Cookie cookie) {
    var out = new StringBuilder(64).append(cookie.getName()).append('=');
    out.append(checkedValue(cookie.getName(), cookie.getValue()));
    for (Map.Entry<String, String> attribute : cookie.getAttributes().entrySet()) {
      String name = attribute.getKey();
      String value = attribute.getValue();
      if (isFlag(name)) {
        if (!value.equalsIgnoreCase("false")) {
          out.append("; ").append(name);
        }
        continue;
      }
      checkAttribute(name, value);
      if (name.equalsIgnoreCase("Max-Age")) {
        appendAge(out, Long.parseLong(value), cookie.getAttribute("Expires") == null);
        continue;
      }
      out.append("; ").append(name);
      if (!value.isEmpty()) {
        out.append('=').append(value);
      }
    }
    return out.toString();
  }

  /** A negative age is none. RFC 6265 section 4.1.1 has no Max-Age of 0, but dates in the past. */
  private static void appendAge(StringBuilder out, long seconds, boolean dated) {
    if (seconds > 0) {
      out.append("; Max-Age=").append(seconds);
    }
    if (seconds >= 0 && dated) {
      Instant end = seconds == 0 ? Instant.EPOCH : Instant.now().plusSeconds(seconds);
      out.append("; Expires=").append(HTTPUtil.formatTimestamp(end));
    }
  }

  private static boolean isFlag(String name) {
    return name.equalsIgnoreCase("Secure") || name.equalsIgnoreCase("HttpOnly");
  }

  private static String checkedValue(String name, String value) {
    if (value == null) {
      return "";
    }
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    String inner = quoted ? value.substring(1, value.length() - 1) : value;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
        throw new IllegalArgumentException(
            "the value of cookie " + name + " contains U+" + Integer.toHexString(c));
      }
    }
    return value;
  }

  private static void checkAttribute(String name, String value) {
    if (!isToken(name)) {
      throw new IllegalArgumentException("a cookie attribute whose name is not a token");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c >= 0x7f || c == ';') {
        throw new IllegalArgumentException(
            "cookie attribute " + name + " contains U+" + Integer.toHexString(c));
      }
    }
  }

  private static boolean isToken(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !s.isEmpty();
  }
}
