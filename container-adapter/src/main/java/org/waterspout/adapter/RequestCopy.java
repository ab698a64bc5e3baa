// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.waterspout.adapter.exchange.RequestHead.literal;
import static org.waterspout.adapter.exchange.RequestHead.oneCharacterPerByte;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.RequestPath;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.RequestStartLine;

/** Copies what is known of a servlet request before its body, on the container's thread. */
final class RequestCopy {
  private static final Pattern REPEATED = Pattern.compile("//+");

  private RequestCopy() {}

  /**
   * Copies.
   *
   * @throws HTTPInputException if the request is refused
   */
  static RequestHead of(HttpServletRequest request, AdapterOptions options) {
    var target =
        RequestPath.target(
            request.getRequestURI(),
            request.getQueryString(),
            request.getContextPath(),
            containerPath(request));
    return of(request, target, options);
  }

  /**
   * The same with the path as the container reads it, in the plain spelling: percent-encoded is
   * only what must be.
   *
   * @throws HTTPInputException if the container does not say
   */
  static RequestHead asContainerReads(HttpServletRequest request, AdapterOptions options) {
    String path = containerPath(request);
    String query = request.getQueryString();
    try {
      var plain =
          new URI(null, null, path.isEmpty() ? "/" : REPEATED.matcher(path).replaceAll("/"), null);
      String target = plain.normalize().toASCIIString();
      return of(request, query == null ? target : target + "?" + query, options);
    } catch (URISyntaxException e) {
      throw new HTTPInputException("ambiguous path: " + e.getMessage());
    }
  }

  private static RequestHead of(HttpServletRequest request, String target, AdapterOptions options) {
    var startLine = new RequestStartLine(request.getMethod(), target, request.getProtocol());
    var headers = headers(request);
    var context = context(request);
    long length = request.getContentLengthLong();
    boolean coded = request.getHeader("Transfer-Encoding") != null;
    return new RequestHead(
        startLine,
        headers,
        options.xheaders() ? context.forwarded(headers, options.trustedDownstream()) : context,
        peerCertificates(request),
        request.getContextPath(),
        length,
        RequestHead.mayHaveBody(request.getProtocol(), length, coded));
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
}
