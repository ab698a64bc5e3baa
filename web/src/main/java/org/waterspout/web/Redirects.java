// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPServerRequest;

/** Which URLs lead where. Pure. */
final class Redirects {
  private Redirects() {}

  /**
   * Whether nobody can take it for anything but a path of the same site. Browsers read more than
   * RFC 3986 allows: a backslash as a slash, and nothing where there are tabs and line ends. Dot
   * segments are refused, since without them {@code /.//a} begins with two slashes; browsers have
   * none in what they ask for.
   */
  static boolean isLocal(String url) {
    return Locations.isPath(url)
        && url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')
        && !hasDotSegment(url);
  }

  private static boolean hasDotSegment(String url) {
    for (String segment : path(url).split("/", -1)) {
      if (segment.length() <= 6) { // of %2e%2e
        String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
        if (plain.equals(".") || plain.equals("..")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String path(String url) {
    int end = 0;
    while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
      end++;
    }
    return url.substring(0, end);
  }

  /**
   * The URL of a login page with what was asked for as {@code next}: whole for a page of another
   * site. One that has a query already is left as it is.
   */
  static String login(String url, HTTPServerRequest request) {
    int hash = url.indexOf('#');
    String page = hash < 0 ? url : url.substring(0, hash);
    if (page.contains("?")) {
      return url;
    }
    String next = isAbsolute(page) ? request.fullURL() : localURL(request);
    // each character of a target is one byte of it
    byte[] bytes = next.getBytes(StandardCharsets.ISO_8859_1);
    return page + "?next=" + Escape.urlEscape(bytes, true) + url.substring(page.length());
  }

  private static boolean isAbsolute(String url) {
    int colon = url.indexOf(':');
    int slash = url.indexOf('/');
    return url.startsWith("//") || (colon >= 0 && (slash < 0 || colon < slash));
  }

  /** What was asked for, as the client has to ask for it on the same site. */
  private static String localURL(HTTPServerRequest request) {
    String query = request.query();
    return request.connection().contextPath()
        + request.path()
        + (query.isEmpty() ? "" : "?" + query);
  }
}
