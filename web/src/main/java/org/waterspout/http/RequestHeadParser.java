// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.text.Token;

/** The heads of the requests of a connection. Pure. */
final class RequestHeadParser extends HeadParser<RequestStartLine, RequestHead> {
  /** See {@link HeadParser#HeadParser}. */
  RequestHeadParser(int maxSize, byte[] shared) {
    super(maxSize, shared);
  }

  /** A blank line may come first, RFC 9112 section 2.2. */
  @Override
  void checkFirst(byte first) {
    if (first != '\r' && first != '\n' && !Token.isTokenChar(first)) {
      throw new HTTPInputException("not an HTTP request: begins with byte " + (first & 0xff));
    }
  }

  @Override
  RequestStartLine startLine(byte[] line, int length) {
    return RequestLine.parse(line, length);
  }

  @Override
  RequestHead head(RequestStartLine startLine, HTTPHeaders headers) {
    return RequestHead.of(startLine, headers);
  }

  @Override
  int sizeBehind(RequestHead head, int size) {
    return 0;
  }

  @Override
  HTTPInputException tooLong(boolean first, int limit) {
    return first
        ? new HTTPInputException(414, "request line over " + limit + " bytes")
        : new HTTPInputException(431, "request head over " + limit + " bytes");
  }
}
