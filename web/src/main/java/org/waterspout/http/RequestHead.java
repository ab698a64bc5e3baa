// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.List;
import org.waterspout.text.Shown;

/**
 * A request before its body, with what its headers say about the connection. Pure.
 *
 * @param bodyLength the length of the body in bytes, or {@link BodyFraming#CHUNKED}
 * @param keepAlive whether the peer wants to go on after this request
 * @param expectsContinue whether the peer waits for 100 (Continue) before it sends the body
 */
record RequestHead(
    RequestStartLine startLine,
    HTTPHeaders headers,
    long bodyLength,
    boolean keepAlive,
    boolean expectsContinue) {

  /**
   * Reads the headers that are not the application's alone.
   *
   * @throws HTTPInputException if they are refused
   */
  static RequestHead of(RequestStartLine startLine, HTTPHeaders headers) {
    boolean http10 = startLine.version().equals("HTTP/1.0");
    checkHost(startLine, headers, http10);
    long bodyLength = BodyFraming.ofRequest(headers, http10);
    boolean expectsContinue = expectsContinue(headers) && !http10 && bodyLength != 0;
    return new RequestHead(
        startLine, headers, bodyLength, KeepAlive.of(headers, http10), expectsContinue);
  }

  boolean http10() {
    return startLine.version().equals("HTTP/1.0");
  }

  /** RFC 9112 section 3.2. */
  private static void checkHost(RequestStartLine startLine, HTTPHeaders headers, boolean http10) {
    int first = headers.find("Host");
    if (first < 0) {
      if (!http10) {
        throw new HTTPInputException("no Host");
      }
    } else {
      List<String> hosts = headers.getList("Host");
      if (hosts.size() > 1 || !Authority.isValid(hosts.getFirst())) {
        throw new HTTPInputException("malformed Host: " + Shown.quoted(hosts.toString()));
      }
    }
    String target = startLine.target();
    if (target.charAt(0) != '/') {
      String authority = Authority.ofAbsolute(target);
      if (authority != null) {
        headers.set("Host", authority); // RFC 9112 3.2.2: the target's authority holds
      }
    }
  }

  /** RFC 9110 section 10.1.1. */
  private static boolean expectsContinue(HTTPHeaders headers) {
    if (headers.find("Expect") < 0) {
      return false;
    }
    List<String> expectations = HeaderList.of(headers, "Expect");
    for (String expectation : expectations) {
      if (!expectation.equalsIgnoreCase("100-continue")) {
        throw new HTTPInputException(417, "unknown expectation " + Shown.quoted(expectation));
      }
    }
    return !expectations.isEmpty();
  }
}
