// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the parser makes of a body that arrives in pieces, as lines to compare. */
final class MultipartForm {
  private MultipartForm() {}

  /** Fed as one piece. */
  static List<String> parse(String boundary, FormLimits limits, byte[] body) {
    return parse(boundary, limits, List.of(body.clone()));
  }

  /** Fed piece by piece; data that comes in several events is put together. */
  static List<String> parse(String boundary, FormLimits limits, List<byte[]> pieces) {
    List<String> events = new ArrayList<>();
    var data = new StringBuilder();
    try {
      var parser = new MultipartParser(boundary, limits);
      for (byte[] piece : pieces) {
        parser.feed(piece);
        for (var event = parser.next(); event != null; event = parser.next()) {
          note(event, data, events);
        }
      }
      events.add(parser.finished() ? "finished" : "cut");
    } catch (HTTPInputException e) {
      events.add("refused " + e.status());
    }
    return events;
  }

  private static void note(MultipartParser.Event event, StringBuilder data, List<String> events) {
    switch (event) {
      case MultipartParser.Event.Begin(MultipartPart part) -> {
        data.setLength(0);
        events.add(part.name() + (part.filename() == null ? "" : " file " + part.filename()));
      }
      case MultipartParser.Event.Data(byte[] chunk) ->
          data.append(new String(chunk, StandardCharsets.ISO_8859_1));
      case MultipartParser.Event.End() -> events.add("=" + data);
    }
  }

  /** One byte each. */
  static List<byte[]> bytes(byte[] body) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte b : body) {
      pieces.add(new byte[] {b});
    }
    return pieces;
  }

  /** Two pieces, of which one may be empty. */
  static List<byte[]> split(byte[] body, int index) {
    return List.of(Arrays.copyOf(body, index), Arrays.copyOfRange(body, index, body.length));
  }
}
