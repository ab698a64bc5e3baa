// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

/** Joins the pieces of a text, up to a limit that counts the bytes of its UTF-8. */
final class JoinedText {
  private final int limit;
  private StringBuilder text = new StringBuilder(0); // empty between messages
  private long size; // in bytes

  JoinedText(int limit) {
    this.limit = limit;
  }

  /** Adds a piece; false, and nothing is kept, if that is too much. */
  boolean add(String piece) {
    size += utf8Length(piece);
    if (size > limit) {
      take();
      size = Long.MAX_VALUE / 2; // nor is anything of the rest
      return false;
    }
    text.append(piece);
    return true;
  }

  /** The whole text; what comes next begins another one. */
  String take() {
    String whole = text.toString();
    text = new StringBuilder(0);
    size = 0;
    return whole;
  }

  /** Each half of a surrogate pair is half of its four bytes, be they in different pieces. */
  private static long utf8Length(String piece) {
    long length = piece.length();
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c >= 0x80) {
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }
}
