// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * All that came on a connection, taken apart.
 *
 * @param status zero if there was no answer
 * @param fields header fields as they came, {@code Name: value}
 * @param trailers those behind the body
 * @param cut whether it ended too early
 */
record WireAnswer(
    int status, List<String> fields, byte[] body, List<String> trailers, boolean cut) {
  static final WireAnswer NONE = new WireAnswer(0, List.of(), new byte[0], List.of(), true);

  /** Takes apart what came until the end, interim answers dropped. */
  static WireAnswer of(byte[] bytes, boolean withoutBody) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return NONE;
    }
    var lines = List.of(text.substring(0, end).split("\r\n"));
    int status = Integer.parseInt(lines.getFirst().split(" ")[1]);
    var rest = text.substring(end + 4);
    if (status < 200) {
      return of(rest.getBytes(StandardCharsets.ISO_8859_1), withoutBody);
    }
    var fields = lines.subList(1, lines.size());
    if (withoutBody || status == 204 || status == 304) {
      return new WireAnswer(status, fields, bytes(rest), List.of(), false);
    }
    if ("chunked".equalsIgnoreCase(value(fields, "Transfer-Encoding"))) {
      return chunked(status, fields, rest);
    }
    var length = value(fields, "Content-Length");
    boolean cut = length != null && Integer.parseInt(length) != rest.length();
    return new WireAnswer(status, fields, bytes(rest), List.of(), cut);
  }

  private static WireAnswer chunked(int status, List<String> fields, String rest) {
    var body = new ByteArrayOutputStream();
    int from = 0;
    while (true) {
      int line = rest.indexOf("\r\n", from);
      if (line < 0) {
        return new WireAnswer(status, fields, body.toByteArray(), List.of(), true);
      }
      int size = Integer.parseInt(rest.substring(from, line).split(";")[0].strip(), 16);
      if (size == 0) {
        return new WireAnswer(
            status, fields, body.toByteArray(), trailers(rest.substring(line + 2)), false);
      }
      int to = Math.min(line + 2 + size, rest.length());
      body.writeBytes(bytes(rest.substring(line + 2, to)));
      from = Math.min(to + 2, rest.length());
    }
  }

  private static List<String> trailers(String text) {
    var trailers = new ArrayList<String>();
    for (var line : text.split("\r\n")) {
      if (!line.isEmpty()) {
        trailers.add(line);
      }
    }
    return trailers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The first of a name; null if there is none. */
  String value(String name) {
    return value(fields, name);
  }

  private static String value(List<String> fields, String name) {
    return values(fields, name).stream().findFirst().orElse(null);
  }

  /** All of a name. */
  List<String> values(String name) {
    return values(fields, name);
  }

  private static List<String> values(List<String> fields, String name) {
    return fields.stream()
        .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(field -> field.substring(name.length() + 1).strip())
        .toList();
  }
}
