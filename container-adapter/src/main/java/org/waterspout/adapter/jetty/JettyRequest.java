// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.jetty;

import static org.waterspout.adapter.exchange.RequestHead.literal;
import static org.waterspout.adapter.exchange.RequestHead.oneCharacterPerByte;

import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.RequestPath;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.RequestStartLine;

/** Copies what is known of a Jetty request before its body, on Jetty's thread. */
final class JettyRequest {
  private JettyRequest() {}

  /**
   * Copies.
   *
   * @throws HTTPInputException if the request is refused
   */
  static RequestHead of(Request request, AdapterOptions options) {
    String contextPath = contextPath(request);
    String protocol = request.getConnectionMetaData().getProtocol();
    boolean coded = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    var headers = headers(request);
    var context = context(request);
    return new RequestHead(
        new RequestStartLine(request.getMethod(), target(request, contextPath), protocol),
        headers,
        options.xheaders() ? context.forwarded(headers, options.trustedDownstream()) : context,
        peerCertificates(request),
        contextPath,
        request.getLength(),
        RequestHead.mayHaveBody(protocol, request.getLength(), coded));
  }

  private static String contextPath(Request request) {
    String path = request.getContext().getContextPath();
    return path == null || path.equals("/") ? "" : URIUtil.encodePath(path);
  }

  private static String target(Request request, String contextPath) {
    var uri = request.getHttpURI();
    if (uri.getPath() == null) {
      throw new HTTPInputException("no path in " + uri);
    }
    if (uri.hasViolations()) {
      // let pass by a UriCompliance: what has two readings in Jetty's eyes
      throw new HTTPInputException("ambiguous path: " + uri.getViolations());
    }
    return RequestPath.target(uri.getPath(), uri.getQuery(), contextPath, jettysPath(request));
  }

  private static String jettysPath(Request request) {
    String path = Request.getPathInContext(request);
    try {
      return path == null ? "" : URIUtil.decodePath(path);
    } catch (RuntimeException e) {
      throw new HTTPInputException("the path " + path + " cannot be decoded: " + e.getMessage());
    }
  }

  private static HTTPHeaders headers(Request request) {
    var headers = new HTTPHeaders();
    try {
      for (HttpField field : request.getHeaders()) {
        String value = field.getValue();
        headers.add(field.getName(), value == null ? "" : oneCharacterPerByte(value));
      }
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException(e.toString());
    }
    return headers;
  }

  private static ConnectionContext context(Request request) {
    return new ConnectionContext(
        literal(Request.getRemoteAddr(request)),
        Math.max(0, Request.getRemotePort(request)),
        literal(Request.getLocalAddr(request)),
        Math.max(0, Request.getLocalPort(request)),
        request.isSecure() ? "https" : "http");
  }

  /** There if the connector has a SecureRequestCustomizer. */
  private static List<X509Certificate> peerCertificates(Request request) {
    if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
        instanceof EndPoint.SslSessionData session) {
      var chain = session.peerCertificates();
      return chain == null ? List.of() : List.of(chain);
    }
    return List.of();
  }
}
