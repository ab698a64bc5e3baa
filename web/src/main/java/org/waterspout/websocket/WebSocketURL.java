// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where a WebSocket is, RFC 6455 section 3. Pure.
 *
 * @param host without the brackets of an IPv6 address
 * @param authority for Host: the port only if it is not the usual one
 * @param target path and query
 */
record WebSocketURL(boolean secure, String host, int port, String authority, String target) {
  /**
   * Takes a URL apart. What is not ASCII in path and query is encoded.
   *
   * @throws IllegalArgumentException if it is not one of a WebSocket
   */
  static WebSocketURL parse(String url) {
    URI uri = syntax(url);
    String scheme = uri.getScheme();
    boolean secure = "wss".equalsIgnoreCase(scheme);
    if (!secure && !"ws".equalsIgnoreCase(scheme)) {
      throw refused(url, "its scheme is neither ws nor wss");
    }
    if (uri.getRawFragment() != null) {
      throw refused(url, "it has a fragment");
    }
    String authority = uri.getRawAuthority();
    if (authority == null || authority.indexOf('@') >= 0) {
      throw refused(url, authority == null ? "it has no host" : "it has a user");
    }
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    if (host.isEmpty()) {
      throw refused(url, "it has no host");
    }
    int usual = secure ? 443 : 80;
    int port = port(url, hasPort ? authority.substring(colon + 1) : "", usual);
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String shown = port == usual ? host : host + ":" + port;
    return new WebSocketURL(secure, name, port, shown, target(uri));
  }

  private static URI syntax(String url) {
    try {
      return new URI(new URI(url).toASCIIString());
    } catch (URISyntaxException e) {
      throw refused(url, String.valueOf(e.getReason()));
    }
  }

  private static int port(String url, String digits, int usual) {
    if (digits.isEmpty()) {
      return usual;
    }
    if (digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw refused(url, "its port is not a number");
    }
    int port = Integer.parseInt(digits);
    if (port == 0 || port > 65_535) {
      throw refused(url, "there is no such port");
    }
    return port;
  }

  private static String target(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private static IllegalArgumentException refused(String url, @Nullable String why) {
    return new IllegalArgumentException(
        "not a URL of a WebSocket, as " + why + ": " + printed(url));
  }

  private static String printed(String url) {
    return url.replaceAll("[^ -~]", "?").replaceAll("//[^/@]*@", "//...@");
  }
}
