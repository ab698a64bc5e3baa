// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import static org.waterspout.adapter.exchange.RequestHead.literal;
import static org.waterspout.adapter.exchange.RequestHead.oneCharacterPerByte;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.RenegotiationRequiredException;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.adapter.exchange.RequestPath;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.RequestStartLine;

/** Copies what is known of an Undertow request before its body, on Undertow's thread. */
final class UndertowRequest {
  private UndertowRequest() {}

  /**
   * Copies.
   *
   * @throws HTTPInputException if the request is refused
   */
  static RequestHead of(HttpServerExchange http, AdapterOptions options) {
    checkHost(http.getRequestHeaders());
    String contextPath = contextPath(http.getResolvedPath());
    String method = http.getRequestMethod().toString();
    String protocol = http.getProtocol().toString();
    boolean coded = http.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
    long length = http.getRequestContentLength();
    var headers = headers(http.getRequestHeaders(), _ -> true);
    var context = context(http);
    return new RequestHead(
        new RequestStartLine(method, target(http, contextPath), protocol),
        headers,
        options.xheaders() ? context.forwarded(headers, options.trustedDownstream()) : context,
        peerCertificates(http),
        contextPath,
        length,
        RequestHead.mayHaveBody(protocol, length, coded));
  }

  /** RFC 9112 section 3.2. Undertow takes the first of several. */
  private static void checkHost(HeaderMap headers) {
    if (headers.count(Headers.HOST) > 1) {
      throw new HTTPInputException("more than one Host");
    }
  }

  /** What a PathHandler in front has taken, encoded again. */
  private static String contextPath(String resolved) {
    if (resolved.isEmpty() || resolved.equals("/")) {
      return "";
    }
    try {
      return new URI(null, null, resolved, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new HTTPInputException("not a path: " + resolved);
    }
  }

  private static String target(HttpServerExchange http, String contextPath) {
    String raw =
        http.isHostIncludedInRequestURI()
            ? withoutAuthority(http.getRequestURI(), http.getRequestHeaders())
            : http.getRequestURI();
    // Undertow does not tell "?" from nothing.
    String query = http.getQueryString().isEmpty() ? null : http.getQueryString();
    return RequestPath.target(raw, query, contextPath, http.getRelativePath());
  }

  /** RFC 9112 section 3.2.2. Undertow does not compare, and the handlers look at Host. */
  private static String withoutAuthority(String uri, HeaderMap headers) {
    int start = uri.indexOf("://") + 3;
    int slash = uri.indexOf('/', start);
    int end = slash < 0 ? uri.length() : slash;
    if (!uri.substring(start, end).equalsIgnoreCase(headers.getFirst(Headers.HOST))) {
      throw new HTTPInputException("the request is for " + uri + ", and Host says another");
    }
    return slash < 0 ? "/" : uri.substring(slash);
  }

  /** The fields of these names. */
  static HTTPHeaders headers(HeaderMap fields, Predicate<String> names) {
    var headers = new HTTPHeaders();
    try {
      for (var values : fields) {
        String name = values.getHeaderName().toString();
        if (names.test(name)) {
          values.forEach(value -> headers.add(name, oneCharacterPerByte(value)));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new HTTPInputException(e.toString());
    }
    return headers;
  }

  private static ConnectionContext context(HttpServerExchange http) {
    var source = http.getSourceAddress();
    var destination = http.getDestinationAddress();
    return new ConnectionContext(
        address(source),
        source == null ? 0 : source.getPort(),
        address(destination),
        destination == null ? 0 : destination.getPort(),
        http.getRequestScheme().equalsIgnoreCase("https") ? "https" : "http");
  }

  private static String address(@Nullable InetSocketAddress address) {
    if (address == null) {
      return "";
    }
    return literal(
        address.getAddress() == null
            ? address.getHostString()
            : address.getAddress().getHostAddress());
  }

  private static List<X509Certificate> peerCertificates(HttpServerExchange http) {
    var session = http.getConnection().getSslSessionInfo();
    if (session == null) {
      return List.of();
    }
    try {
      return Arrays.stream(session.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException | RenegotiationRequiredException e) {
      return List.of(); // it has shown none
    }
  }
}
