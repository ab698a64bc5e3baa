// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

/** What a client has sent, fit to stand in the URL of a redirect. Pure. */
final class Locations {
  private static final String HEX = "0123456789ABCDEF";

  /** RFC 3986 sections 3.3 and 3.4: what may stand in a path or query besides letters, digits. */
  private static final String LEGAL = "-._~!$&'()*+,;=:@/?";

  private Locations() {}

  /**
   * A part of a request's target with everything percent-encoded that a URL may not have: a
   * backslash above all, which browsers take for a slash. What is encoded stays as it is.
   *
   * @param sent each character is a byte
   */
  static String escaped(String sent) {
    var escaped = new StringBuilder(sent.length() + 16);
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (isLegal(c) || isEncoded(sent, i)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
      }
    }
    return escaped.toString();
  }

  /**
   * Whether a reference is to this host: of one that begins with two slashes browsers take what
   * follows for another host (RFC 3986 section 4.2).
   */
  static boolean isPath(String reference) {
    return reference.startsWith("/") && !reference.startsWith("//");
  }

  /** A URL with a query behind what it has of one already. */
  static String withQuery(String url, String query) {
    if (query.isEmpty()) {
      return url;
    }
    int hash = url.indexOf('#');
    int end = hash < 0 ? url.length() : hash;
    String before = url.substring(0, end);
    return before + (before.contains("?") ? "&" : "?") + escaped(query) + url.substring(end);
  }

  private static boolean isLegal(char c) {
    return isLetterOrDigit(c) || LEGAL.indexOf(c) >= 0;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isEncoded(String sent, int i) {
    return sent.charAt(i) == '%'
        && i + 2 < sent.length()
        && isHex(sent.charAt(i + 1))
        && isHex(sent.charAt(i + 2));
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
