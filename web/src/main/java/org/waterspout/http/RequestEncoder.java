// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.List;
import org.waterspout.text.Shown;
import org.waterspout.text.Token;

/**
 * Turns one request into bytes, as it was given: nothing is added to its headers. Pure. What a
 * server could read in two ways, or what belongs to another message, is refused before there are
 * any bytes.
 */
final class RequestEncoder extends MessageEncoder {
  private final RequestStartLine startLine;
  private final HTTPHeaders headers;

  /**
   * An encoder for a request.
   *
   * @throws HTTPOutputException if no such request can be sent
   */
  RequestEncoder(RequestStartLine startLine, HTTPHeaders headers) {
    this.startLine = startLine;
    this.headers = headers.copy();
    checkLine();
    checkHost();
    chooseFraming();
  }

  @Override
  String name() {
    return "request";
  }

  String method() {
    return startLine.method();
  }

  /** Whether the connection may go on after this exchange, if the server wants it too. */
  boolean keepAlive() {
    return KeepAlive.of(headers, http10());
  }

  /** Whether the server may answer with another protocol. */
  boolean asksForUpgrade() {
    return headers.find("Upgrade") >= 0;
  }

  /** Adds request line and headers. */
  void head(OutBytes out) {
    checkNotStarted();
    out.add(startLine.method()).add(" ").add(startLine.target()).add(" ");
    out.add(startLine.version()).crlf();
    addFields(headers, out);
    out.crlf();
    headEncoded();
  }

  private boolean http10() {
    return startLine.version().equals("HTTP/1.0");
  }

  private void checkLine() {
    String method = startLine.method();
    String target = startLine.target();
    if (!Token.isToken(method)) {
      throw new HTTPOutputException("not a method: " + Shown.quoted(method));
    }
    if (target.isEmpty()
        || !target.chars().allMatch(Syntax::isTargetChar)
        || !RequestLine.isSuited(method, target)) {
      throw new HTTPOutputException("not a target for " + method + ": " + Shown.quoted(target));
    }
    if (!http10() && !startLine.version().equals("HTTP/1.1")) {
      throw new HTTPOutputException("not a version: " + Shown.quoted(startLine.version()));
    }
  }

  /** RFC 9112 section 3.2. */
  private void checkHost() {
    List<String> hosts = headers.getList("Host");
    if (hosts.size() > 1 || (hosts.isEmpty() && !http10())) {
      throw new HTTPOutputException(hosts.size() + " fields named Host");
    }
    if (hosts.size() == 1 && !Authority.isValid(hosts.getFirst())) {
      throw new HTTPOutputException("malformed Host: " + Shown.quoted(hosts.getFirst()));
    }
  }

  private void chooseFraming() {
    long length = announcedLength(headers);
    List<String> codings = headers.getList("Transfer-Encoding");
    if (!codings.isEmpty()) {
      checkChunked(codings, length);
      frame(Framing.CHUNKED, 0);
    } else if (length >= 0) {
      frame(Framing.LENGTH, length);
    }
    boolean bodiless = method().equals("TRACE") || method().equals("CONNECT");
    if (bodiless && framing() != Framing.EMPTY) { // RFC 9110 sections 9.3.6 and 9.3.8
      throw new HTTPOutputException("a body for " + method());
    }
  }

  private void checkChunked(List<String> codings, long length) {
    if (length >= 0) {
      throw new HTTPOutputException("both Transfer-Encoding and Content-Length");
    }
    if (http10()) {
      throw new HTTPOutputException("Transfer-Encoding in HTTP/1.0");
    }
    if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
      throw new HTTPOutputException(
          "not a transfer coding that we have: " + Shown.quoted(codings.toString()));
    }
  }
}
