// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/** What headers say about the coding of a body. Pure. */
final class ContentCoding {
  /** Says what was taken off. As in Tornado. */
  private static final String CONSUMED = "X-Consumed-Content-Encoding";

  private ContentCoding() {}

  /**
   * Whether a body with these headers is compressed by gzip and by nothing else. Then the headers
   * are changed to what they would say without it; its length is not known any more.
   */
  static boolean takeGzip(HTTPHeaders headers) {
    headers.remove(CONSUMED); // not the peer's to say
    if (headers.find("Content-Encoding") < 0) {
      return false;
    }
    var codings = HeaderList.of(headers, "Content-Encoding");
    if (codings.size() != 1 || !isGzip(codings.getFirst())) {
      return false;
    }
    headers.remove("Content-Encoding");
    headers.set(CONSUMED, codings.getFirst());
    return true;
  }

  /** RFC 9110 section 8.4.1.3. */
  private static boolean isGzip(String coding) {
    return coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip");
  }
}
