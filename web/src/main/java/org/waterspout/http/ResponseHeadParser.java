// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * The heads of the answers on a connection. Those of all interim answers to a request count against
 * the limit together with that of the answer. Pure.
 */
final class ResponseHeadParser extends HeadParser<ResponseStartLine, ResponseHead> {
  /** See {@link HeadParser#HeadParser}. */
  ResponseHeadParser(int maxSize, byte[] shared) {
    super(maxSize, shared);
  }

  @Override
  void checkFirst(byte first) {
    if (first != 'H') {
      throw new HTTPInputException("not an HTTP answer: begins with byte " + (first & 0xff));
    }
  }

  @Override
  ResponseStartLine startLine(byte[] line, int length) {
    return ResponseLine.parse(line, length);
  }

  @Override
  ResponseHead head(ResponseStartLine startLine, HTTPHeaders headers) {
    return new ResponseHead(startLine, headers);
  }

  @Override
  int sizeBehind(ResponseHead head, int size) {
    return head.interim() ? size : 0;
  }

  @Override
  HTTPInputException tooLong(boolean first, int limit) {
    return new HTTPInputException(431, "heads of an answer over " + limit + " bytes");
  }
}
