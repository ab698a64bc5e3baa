// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.List;
import org.waterspout.text.Shown;

/**
 * Where a body ends, RFC 9112 section 6.3. Pure; what two readers could read differently is
 * refused.
 */
final class BodyFraming {
  /** The length of a body in chunks. */
  static final long CHUNKED = -1;

  /** The length of a body that ends with the connection. */
  static final long UNTIL_CLOSE = -2;

  private BodyFraming() {}

  /**
   * The length of a request's body as its headers announce it.
   *
   * @return zero or more bytes, saturated, or {@link #CHUNKED}
   * @throws HTTPInputException if it is ambiguous or in an unknown coding
   */
  static long ofRequest(HTTPHeaders headers, boolean http10) {
    boolean hasLength = headers.find("Content-Length") >= 0;
    if (headers.find("Transfer-Encoding") < 0) {
      return hasLength ? contentLength(headers.getList("Content-Length")) : 0;
    }
    return chunked(headers, http10, hasLength);
  }

  /**
   * The length of an answer's body.
   *
   * @param method of the request, as it was sent
   * @return zero or more bytes, saturated, or {@link #CHUNKED} or {@link #UNTIL_CLOSE}
   * @throws HTTPInputException if it is ambiguous or in an unknown coding
   */
  static long ofAnswer(ResponseHead head, String method) {
    HTTPHeaders headers = head.headers();
    boolean hasLength = headers.find("Content-Length") >= 0;
    boolean hasCodings = headers.find("Transfer-Encoding") >= 0;
    int status = head.status();
    boolean none = status < 200 || status == 204; // a length of 0 is not wanted, but true
    if (none && (hasCodings || (hasLength && answerLength(headers) != 0))) {
      throw new HTTPInputException("a body announced with status " + status);
    }
    boolean bodiless = none || status == 304 || method.equals("HEAD");
    if (bodiless || head.switches(method)) {
      return 0;
    }
    if (hasCodings) {
      return chunked(headers, head.http10(), hasLength);
    }
    return hasLength ? answerLength(headers) : UNTIL_CLOSE;
  }

  private static long chunked(HTTPHeaders headers, boolean http10, boolean hasLength) {
    if (hasLength) {
      throw new HTTPInputException("both Transfer-Encoding and Content-Length");
    }
    if (http10) {
      throw new HTTPInputException("Transfer-Encoding in HTTP/1.0");
    }
    checkCodings(headers.getList("Transfer-Encoding"));
    return CHUNKED;
  }

  /** RFC 9112 6.3 lets equal lengths in an answer count as one; some servers repeat them. */
  private static long answerLength(HTTPHeaders headers) {
    List<String> values = headers.getList("Content-Length");
    String first = Syntax.trim(values.getFirst().split(",", 2)[0]);
    for (String value : values) {
      for (String item : value.split(",", -1)) {
        if (!Syntax.trim(item).equals(first)) {
          return contentLength(values); // throws
        }
      }
    }
    return contentLength(List.of(first));
  }

  /** RFC 9110 8.6 lets equal lengths in a request be merged or refused: they are refused. */
  private static long contentLength(List<String> values) {
    long length = values.size() == 1 ? Syntax.decimal(values.getFirst()) : -1;
    if (length < 0) {
      throw new HTTPInputException("malformed Content-Length: " + Shown.quoted("" + values));
    }
    return length;
  }

  private static void checkCodings(List<String> values) {
    if (values.size() == 1 && values.getFirst().equalsIgnoreCase("chunked")) {
      return;
    }
    String[] codings = String.join(",", values).split(",", -1);
    String last = Syntax.trim(codings[codings.length - 1]);
    if (!last.equalsIgnoreCase("chunked")) {
      throw new HTTPInputException("chunked is not the last coding: " + printable(values));
    }
    for (int i = 0; i < codings.length - 1; i++) {
      String coding = Syntax.trim(codings[i]);
      if (coding.isEmpty() || coding.equalsIgnoreCase("chunked")) {
        throw new HTTPInputException("malformed Transfer-Encoding: " + printable(values));
      }
    }
    throw new HTTPInputException(501, "unknown transfer coding: " + printable(values));
  }

  private static String printable(List<String> values) {
    return Shown.quoted(values.toString());
  }
}
