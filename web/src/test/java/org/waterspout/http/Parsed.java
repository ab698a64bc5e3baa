// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pure parsers make of bytes: requests one after the other, or the status of a refusal.
 */
final class Parsed {
  static final int MAX_HEAD = 4096;
  static final long MAX_BODY = 1000;

  private final byte[] shared = new byte[512];
  private final RequestHeadParser heads = new RequestHeadParser(MAX_HEAD, shared);
  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable RequestHead head;
  private @Nullable BodyDecoder decoder;

  /** Everything in one piece. */
  static List<String> whole(String wire) {
    return parse(wire, wire.length());
  }

  /** The first piece as long as said, then the rest. */
  static List<String> splitAt(String wire, int index) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var parsed = new Parsed();
    if (parsed.feed(ByteBuffer.wrap(bytes, 0, index))) {
      parsed.feed(ByteBuffer.wrap(bytes, index, bytes.length - index));
    }
    return parsed.events;
  }

  /** Pieces of a length; one byte at a time for 1. */
  static List<String> parse(String wire, int pieces) {
    byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
    var parsed = new Parsed();
    for (int i = 0; i < bytes.length; i += pieces) {
      ByteBuffer direct = ByteBuffer.allocateDirect(pieces);
      direct.put(bytes, i, Math.min(pieces, bytes.length - i)).flip();
      if (!parsed.feed(direct)) {
        break;
      }
    }
    return parsed.events;
  }

  private boolean feed(ByteBuffer in) {
    try {
      while (in.hasRemaining()) {
        step(in);
      }
      return true;
    } catch (HTTPInputException e) {
      events.add("refused " + e.status());
      return false;
    }
  }

  private void step(ByteBuffer in) {
    if (decoder == null) {
      head = heads.parse(in);
      if (head == null) {
        return;
      }
      RequestStartLine line = head.startLine();
      events.add(line.method() + " " + line.target() + " " + line.version());
      head.headers().forEach((name, value) -> events.add(name + "=" + value));
      decoder = BodyDecoder.of(head.bodyLength(), MAX_BODY, 300, shared);
    } else {
      byte[] piece = decoder.decode(in, 7);
      if (piece != null) {
        body.writeBytes(piece);
      }
    }
    if (decoder.finished()) {
      events.add("body " + body.toString(StandardCharsets.ISO_8859_1));
      if (decoder instanceof ChunkedDecoder chunked) {
        chunked.trailers().forEach((name, value) -> events.add("trailer " + name + "=" + value));
      }
      body.reset();
      decoder = null;
    }
  }
}
