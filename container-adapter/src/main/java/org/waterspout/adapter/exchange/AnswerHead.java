// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;

/** Start line and headers of an answer, as a container wants to be told them. */
public final class AnswerHead {
  /** The length of a body that is not announced. */
  public static final long NO_LENGTH = -1;

  /** A container's answer. */
  public interface Fields {
    /** In the place of what the container, or something in front, has set under this name. */
    void set(String name, String value);

    /** Besides what is there under this name. */
    void add(String name, String value);
  }

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
  public static long contentLength(int status, HTTPHeaders headers) {
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
    if (status == 204 && !value.equals("0")) {
      throw new HTTPOutputException("a 204 answer with Content-Length " + value);
    }
    return Long.parseLong(value);
  }

  /**
   * Tells the container the fields that are the application's. Those about the connection are not,
   * nor is Content-Length, which containers are told in another way.
   */
  public static void fields(HTTPHeaders headers, Fields answer) {
    var seen = new HashSet<String>();
    headers.forEach((name, value) -> field(answer, seen, name, value));
  }

  private static void field(Fields answer, Set<String> seen, String name, String value) {
    String key = name.toLowerCase(Locale.ROOT);
    if (OF_THE_CONNECTION.contains(key)) {
      if (key.equals("connection") && value.equalsIgnoreCase("close")) {
        answer.set(name, value); // all containers honour it
      }
    } else if (!key.equals("content-length")) {
      if (ADDED.contains(key) || !seen.add(key)) {
        answer.add(name, value);
      } else {
        answer.set(name, value); // replaces the container's own: Date, Server
      }
    }
  }
}
