// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.RequestStartLine;

/**
 * All that is known of a request before its body, copied out on the container's thread: afterwards
 * the request object may belong to someone else.
 *
 * @param contextPath where the web application is, as the container spells it; empty at the root
 * @param contentLength the length of the body, -1 where it was not announced
 * @param hasBody false where there is certainly no body to read
 */
record RequestHead(
    RequestStartLine startLine,
    HTTPHeaders headers,
    ConnectionContext context,
    List<X509Certificate> peerCertificates,
    String contextPath,
    long contentLength,
    boolean hasBody) {

  /**
   * Copies.
   *
   * @throws HTTPInputException if the request is refused
   */
  static RequestHead of(HttpServletRequest request) {
    var target =
        RequestPath.target(
            request.getRequestURI(),
            request.getQueryString(),
            request.getContextPath(),
            containerPath(request));
    var startLine = new RequestStartLine(request.getMethod(), target, request.getProtocol());
    long length = request.getContentLengthLong();
    return new RequestHead(
        startLine,
        headers(request),
        context(request),
        peerCertificates(request),
        request.getContextPath(),
        length,
        length > 0 || mayHaveBodyOfUnknownLength(request));
  }

  /** Whatever the mapping: {@code /}, {@code /*}, {@code /x/*}, {@code *.x}, exact. */
  private static String containerPath(HttpServletRequest request) {
    try {
      String info = request.getPathInfo();
      return info == null ? request.getServletPath() : request.getServletPath() + info;
    } catch (IllegalArgumentException e) {
      // Jetty, for a path that its UriCompliance lets pass and its API cannot express
      throw new HTTPInputException("ambiguous path: " + e.getMessage());
    }
  }

  private static HTTPHeaders headers(HttpServletRequest request) {
    var headers = new HTTPHeaders();
    try {
      for (var names = request.getHeaderNames(); names.hasMoreElements(); ) {
        String name = names.nextElement();
        for (var values = request.getHeaders(name); values.hasMoreElements(); ) {
          headers.add(name, oneCharacterPerByte(values.nextElement()));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException(e.toString());
    }
    return headers;
  }

  /** As HTTPHeaders wants it; a container that has decoded UTF-8 is undone. */
  static String oneCharacterPerByte(String value) {
    return value.chars().allMatch(c -> c <= 0xff)
        ? value
        : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** RFC 9112 section 6.3: an HTTP/1 request with neither field has no body. */
  private static boolean mayHaveBodyOfUnknownLength(HttpServletRequest request) {
    return request.getContentLengthLong() < 0
        && (!request.getProtocol().startsWith("HTTP/1")
            || request.getHeader("Transfer-Encoding") != null);
  }

  private static ConnectionContext context(HttpServletRequest request) {
    return new ConnectionContext(
        literal(request.getRemoteAddr()),
        Math.max(0, request.getRemotePort()),
        literal(request.getLocalAddr()),
        Math.max(0, request.getLocalPort()),
        request.getScheme());
  }

  /** Servlet 6.0 section 3.10. */
  private static List<X509Certificate> peerCertificates(HttpServletRequest request) {
    return request.getAttribute("jakarta.servlet.request.X509Certificate")
            instanceof X509Certificate[] chain
        ? List.of(chain)
        : List.of();
  }

  /** Without the brackets that some containers put around IPv6 literals. */
  private static String literal(@Nullable String address) {
    if (address == null) {
      return "";
    }
    return address.startsWith("[") && address.endsWith("]")
        ? address.substring(1, address.length() - 1)
        : address;
  }
}
