// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;

/** Start line and headers of an answer, as the container wants to be told them. */
final class AnswerHead {
  static final long NO_LENGTH = -1;

  // RFC 9110 section 7.6.1: fields about the connection are for whoever owns it.
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  // The container, or a filter in front, may have set these already for reasons of its own.
  private static final Set<String> ADDED = Set.of("set-cookie", "vary");

  private AnswerHead() {}

  /**
   * The announced length of the body, or {@link #NO_LENGTH}.
   *
   * @throws HTTPOutputException if the headers contradict the message
   */
  static long contentLength(int status, HTTPHeaders headers) {
    if (status < 200) {
      throw new HTTPOutputException("an answer cannot have the status " + status);
    }
    List<String> values = headers.getList("Content-Length");
    if (values.isEmpty()) {
      return NO_LENGTH;
    }
    String value = values.getFirst();
    boolean digits = value.chars().allMatch(c -> c >= '0' && c <= '9');
    if (values.size() > 1 || !digits || value.isEmpty() || value.length() > 18) {
      throw new HTTPOutputException("not a Content-Length: " + values);
    }
    if (status == HttpServletResponse.SC_NO_CONTENT && !value.equals("0")) {
      throw new HTTPOutputException("a 204 answer with Content-Length " + value);
    }
    return Long.parseLong(value);
  }

  /** Tells the container. The reason phrase cannot be told. */
  static void apply(
      HttpServletResponse response, int status, HTTPHeaders headers, long contentLength) {
    response.setStatus(status);
    var seen = new HashSet<String>();
    headers.forEach((name, value) -> applyField(response, seen, name, value));
    if (contentLength != NO_LENGTH && status != HttpServletResponse.SC_NO_CONTENT) {
      response.setContentLengthLong(contentLength);
    }
  }

  private static void applyField(
      HttpServletResponse response, Set<String> seen, String name, String value) {
    String key = name.toLowerCase(Locale.ROOT);
    if (OF_THE_CONNECTION.contains(key)) {
      if (key.equals("connection") && value.equalsIgnoreCase("close")) {
        response.setHeader(name, value); // all containers honour it
      }
    } else if (!key.equals("content-length")) {
      if (ADDED.contains(key) || !seen.add(key)) {
        response.addHeader(name, value);
      } else {
        response.setHeader(name, value); // replaces the container's own: Date, Server
      }
    }
  }
}
