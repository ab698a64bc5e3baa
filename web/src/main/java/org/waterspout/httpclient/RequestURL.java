// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.net.IDN;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * An http or https URL, taken apart (RFC 3986, RFC 9110 section 4.2). Strict: nothing is encoded or
 * repaired, as a URL that two programs read in two ways leads to two places. Pure.
 *
 * @param scheme {@code http} or {@code https}
 * @param credentials the user information as written, undecoded; null if there is none
 * @param host in lower case and ASCII; an IPv6 address in brackets
 * @param port the one that is meant, if none is written too
 * @param target path and query, as they stand in a request line
 */
record RequestURL(
    String scheme, @Nullable String credentials, String host, int port, String target) {
  private static final String OF_NAMES = "-._";
  private static final String OF_USERS = "-._~!$&'()*+,;=:%";
  private static final int LONGEST = 64 * 1024;

  /**
   * Takes a URL apart. A fragment is left out: it is not for the server.
   *
   * @throws IllegalArgumentException if it is no http or https URL; the message has no credentials
   */
  static RequestURL parse(String url) {
    Objects.requireNonNull(url, "url");
    if (url.length() > LONGEST) {
      throw new IllegalArgumentException("a URL of " + url.length() + " characters");
    }
    int fragment = url.indexOf('#');
    var text = fragment < 0 ? url : url.substring(0, fragment);
    int colon = text.indexOf("://");
    var scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused("neither an http nor an https URL", url);
    }
    int start = colon + 3;
    int end = endOfAuthority(text, start);
    int at = text.lastIndexOf('@', end - 1);
    boolean named = at >= start;
    var authority = text.substring(named ? at + 1 : start, end);
    int portColon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    return new RequestURL(
        scheme,
        named && at > start ? checkedUser(text.substring(start, at), url) : null,
        host(portColon < 0 ? authority : authority.substring(0, portColon), url),
        port(portColon < 0 ? "" : authority.substring(portColon + 1), scheme, url),
        target(text.substring(end), url));
  }

  /**
   * Where a reference leads that was found here, RFC 3986 section 5.2: the Location of an answer.
   *
   * @throws IllegalArgumentException if that is no http or https URL
   */
  RequestURL resolve(String reference) {
    int fragment = reference.indexOf('#');
    var text = fragment < 0 ? reference : reference.substring(0, fragment);
    if (hasScheme(text)) {
      return parse(text).withoutDots();
    }
    if (text.startsWith("//")) {
      return parse(scheme + ":" + text).withoutDots();
    }
    return withTarget(target(merged(text), text)).withoutDots();
  }

  private String merged(String reference) {
    if (reference.isEmpty()) {
      return target;
    }
    int query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    return switch (reference.charAt(0)) {
      case '/' -> reference;
      case '?' -> path + reference;
      default -> path.substring(0, path.lastIndexOf('/') + 1) + reference;
    };
  }

  private RequestURL withTarget(String other) {
    return new RequestURL(scheme, null, host, port, other);
  }

  /** RFC 3986 section 5.2.4. */
  private RequestURL withoutDots() {
    int query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    if (!path.contains("/.")) {
      return this;
    }
    var out = new StringBuilder();
    var segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      var segment = segments[i];
      boolean dots = segment.equals(".") || segment.equals("..");
      if (segment.equals("..")) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (!dots) {
        out.append('/').append(segment);
      }
      if (dots && i == segments.length - 1) {
        out.append('/');
      }
    }
    return new RequestURL(
        scheme, credentials, host, port, out + (query < 0 ? "" : target.substring(query)));
  }

  /** Whether credentials for the one may be sent to the other. */
  boolean sameOrigin(RequestURL other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  boolean secure() {
    return scheme.equals("https");
  }

  /** The host as it is looked up and as its certificate names it: without brackets. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The value of Host: without the port that the scheme stands for. */
  String hostHeader() {
    return port == defaultPort(scheme) ? host : authority();
  }

  /** Host and port, as CONNECT names them. */
  String authority() {
    return host + ":" + port;
  }

  /** The user's name, null if there is none. */
  @Nullable String username() {
    if (credentials == null) {
      return null;
    }
    int colon = credentials.indexOf(':');
    return decoded(colon < 0 ? credentials : credentials.substring(0, colon));
  }

  /** The password, which may be empty. */
  String password() {
    var both = credentials == null ? "" : credentials;
    int colon = both.indexOf(':');
    return colon < 0 ? "" : decoded(both.substring(colon + 1));
  }

  /** The URL with its credentials: not for logs. */
  String withCredentials() {
    return scheme + "://" + (credentials == null ? "" : credentials + "@") + hostHeader() + target;
  }

  /** The URL without credentials, for logs and for proxies. */
  @Override
  public String toString() {
    return scheme + "://" + hostHeader() + target;
  }

  private static boolean hasScheme(String text) {
    int i = 0;
    while (i < text.length()
        && (isAlphanumeric(text.charAt(i)) || "+-.".indexOf(text.charAt(i)) >= 0)) {
      i++;
    }
    return i > 0 && i < text.length() && text.charAt(i) == ':';
  }

  private static int endOfAuthority(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/' || c == '?') {
        return i;
      }
    }
    return text.length();
  }

  private static String checkedUser(String user, String url) {
    for (int i = 0; i < user.length(); i++) {
      char c = user.charAt(i);
      if (!isAlphanumeric(c) && OF_USERS.indexOf(c) < 0) {
        throw refused("user information that needs percent-encoding", url);
      }
    }
    var _ = decoded(user); // refused here, if at all
    return user;
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes.put((byte) c);
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("malformed percent-encoding in a URL's credentials");
      }
      bytes.put((byte) (high * 16 + low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a URL's credentials that are not UTF-8", e);
    }
  }

  private static String host(String host, String url) {
    if (host.startsWith("[")) {
      return literal(host, url);
    }
    var ascii = ascii(host, url).toLowerCase(Locale.ROOT);
    for (int i = 0; i < ascii.length(); i++) {
      if (!isAlphanumeric(ascii.charAt(i)) && OF_NAMES.indexOf(ascii.charAt(i)) < 0) {
        throw refused("a host that is none", url);
      }
    }
    if (ascii.isEmpty() || ascii.length() > 255) {
      throw refused("no host, or one that is too long", url);
    }
    return ascii;
  }

  private static String ascii(String host, String url) {
    if (host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw refused("a host that is none", url);
    }
  }

  private static String literal(String host, String url) {
    if (host.endsWith("]") && host.indexOf(':') > 0 && host.indexOf('%') < 0) {
      try {
        var _ = InetAddress.ofLiteral(host.substring(1, host.length() - 1));
        return host.toLowerCase(Locale.ROOT);
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw refused("an address that is none", url);
  }

  private static int port(String digits, String scheme, String url) {
    if (digits.isEmpty()) {
      return defaultPort(scheme);
    }
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      port = digit < 0 || digit > 9 || i > 4 ? 0 : port * 10 + digit;
      if (port == 0 && !(digit == 0 && i < digits.length() - 1)) {
        throw refused("a port that is none", url);
      }
    }
    if (port < 1 || port > 65_535) {
      throw refused("a port that is none", url);
    }
    return port;
  }

  static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static String target(String pathAndQuery, String url) {
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"<>#\\".indexOf(c) >= 0) {
        throw refused("a path or query that needs percent-encoding", url);
      }
    }
    return pathAndQuery.startsWith("/") ? pathAndQuery : "/" + pathAndQuery;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static IllegalArgumentException refused(String why, String url) {
    return new IllegalArgumentException(why + ": " + printable(url));
  }

  /** For messages: without what could be credentials or break a line, and not endless. */
  private static String printable(String url) {
    int at = url.lastIndexOf('@');
    int slashes = url.indexOf("//");
    var safe =
        at < 0
            ? url
            : (slashes < 0 || slashes > at ? "" : url.substring(0, slashes + 2))
                + "***"
                + url.substring(at);
    return Shown.quoted(safe);
  }
}
