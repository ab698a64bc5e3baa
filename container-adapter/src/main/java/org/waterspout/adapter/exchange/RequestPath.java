// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPInputException;

/**
 * What a request routes by: its raw URI without the context path.
 *
 * <p>Containers strip, decode and normalise paths each in its own way before they apply mappings
 * and security constraints. A path that comes out differently for them and for our decoder is
 * refused, so that no spelling of it can pass by a constraint and still reach the route behind. So
 * is one that the container has not normalised, since what is mounted may do that later.
 */
public final class RequestPath {
  private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(?:/|\\z)");

  private RequestPath() {}

  /**
   * The request target for our routes, undecoded.
   *
   * @param rawURI the request's path as sent, with the context path
   * @param contextPath where the web application is, as the container spells it; empty at the root
   * @param containerPath the path in the web application as the container decoded it
   * @throws HTTPInputException if the path has more than one reading
   */
  public static String target(
      String rawURI, @Nullable String query, String contextPath, String containerPath) {
    int start = endOfContext(rawURI, contextPath);
    if (!decode(rawURI.substring(0, start)).equals(decode(contextPath))) {
      throw new HTTPInputException("the path " + rawURI + " is not below " + contextPath);
    }
    String path = start == rawURI.length() ? "/" : rawURI.substring(start);
    // a container says "" or "/" for the web application's own address
    String expected = containerPath.isEmpty() ? "/" : containerPath;
    if (!decode(path).equals(expected)) {
      throw new HTTPInputException(
          "the path " + rawURI + " means " + expected + " to the container and another one to us");
    }
    if (NOT_NORMAL.matcher(expected).find()) {
      throw new HTTPInputException("the path " + rawURI + " is not normalised");
    }
    return query == null ? path : path + "?" + query;
  }

  /** The slash that ends as many segments as the context path has, else the end. */
  private static int endOfContext(String rawURI, String contextPath) {
    int end = 0;
    for (int slash = contextPath.indexOf('/'); slash >= 0; ) {
      int next = rawURI.indexOf('/', end + 1);
      end = next < 0 ? rawURI.length() : next;
      slash = contextPath.indexOf('/', slash + 1);
    }
    return end;
  }

  private static String decode(String path) {
    if (isPlain(path)) {
      return path;
    }
    try {
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      return Escape.utf8(Escape.urlUnescape(bytes, false));
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException("the path " + path + " cannot be decoded: " + e.getMessage());
    }
  }

  /** Whether nothing of it is encoded, as in most paths. */
  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' || c >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
