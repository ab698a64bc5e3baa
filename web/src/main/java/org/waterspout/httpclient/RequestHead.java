// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;

/**
 * What is sent in front of a body. Pure.
 *
 * @param startLine with the target in the form that the receiver wants, RFC 9112 section 3.2
 * @param headers complete
 */
record RequestHead(RequestStartLine startLine, HTTPHeaders headers) {
  /**
   * The head of a request.
   *
   * @param toProxy whether a proxy gets it in place of the server
   * @param keepAlive whether the connection may be used again
   * @param authorization for the server; null for none
   * @param proxyAuthorization for the proxy that gets it; null for none
   */
  static RequestHead of(
      HTTPRequest request,
      RequestURL url,
      boolean toProxy,
      boolean keepAlive,
      @Nullable String authorization,
      @Nullable String proxyAuthorization) {
    var given = request.headers();
    var headers = new HTTPHeaders();
    headers.add("Host", given.get("Host", url.hostHeader())); // the first: RFC 9110 7.2
    given.remove("Host");
    given.forEach(headers::add);
    setIfMissing(headers, "User-Agent", request.userAgent());
    if (request.decompressResponse() && !headers.contains("Range")) { // of bytes as they are sent
      setIfMissing(headers, "Accept-Encoding", "gzip");
    }
    set(headers, "Authorization", authorization);
    set(headers, "Proxy-Authorization", proxyAuthorization);
    if (!keepAlive) {
      setIfMissing(headers, "Connection", "close");
    }
    announceBody(request, headers);
    var target = toProxy ? url.toString() : url.target();
    return new RequestHead(new RequestStartLine(request.method(), target, "HTTP/1.1"), headers);
  }

  private static void announceBody(HTTPRequest request, HTTPHeaders headers) {
    var body = request.body();
    if (body != null) {
      headers.set("Content-Length", Integer.toString(body.length));
    } else if (request.bodyProducer() == null) {
      if (request.method().equals("POST")) { // RFC 9110 8.6
        headers.set("Content-Length", "0");
      }
      return;
    } else if (!headers.contains("Content-Length")) {
      headers.set("Transfer-Encoding", "chunked");
    }
    if (request.method().equals("POST")) {
      setIfMissing(headers, "Content-Type", "application/x-www-form-urlencoded");
    }
    if (request.expect100Continue()) {
      headers.set("Expect", "100-continue");
    }
  }

  private static void setIfMissing(HTTPHeaders headers, String name, @Nullable String value) {
    if (value != null && !headers.contains(name)) {
      headers.add(name, value);
    }
  }

  private static void set(HTTPHeaders headers, String name, @Nullable String value) {
    if (value != null) {
      headers.set(name, value);
    }
  }
}
