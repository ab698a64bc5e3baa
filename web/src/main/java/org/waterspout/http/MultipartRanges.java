// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands around several parts of a content that are sent as one body, {@code
 * multipart/byteranges}: RFC 9110 section 14.6. Unmodifiable.
 */
public final class MultipartRanges {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String boundary;
  private final List<byte[]> heads;
  private final byte[] end;
  private final long length;

  /**
   * The body for such parts.
   *
   * @param size of the whole content
   * @param type of the content; null if it is not known
   */
  public MultipartRanges(List<ByteRange> parts, long size, @Nullable String type) {
    // Nobody who made the content knows what stands between its parts.
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    boundary = HexFormat.of().formatHex(random);
    String before = "\r\n--" + boundary + (type == null ? "" : "\r\nContent-Type: " + type);
    heads =
        parts.stream()
            .map(part -> bytes(before + "\r\nContent-Range: " + part.of(size) + "\r\n\r\n"))
            .toList();
    end = bytes("\r\n--" + boundary + "--\r\n");
    length =
        end.length
            + heads.stream().mapToLong(head -> head.length).sum()
            + parts.stream().mapToLong(ByteRange::length).sum();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The value of Content-Type. */
  public String contentType() {
    return "multipart/byteranges; boundary=" + boundary;
  }

  /** How many bytes the body has. */
  public long length() {
    return length;
  }

  /** What stands before each part, in their order. */
  public List<byte[]> heads() {
    return heads.stream().map(byte[]::clone).toList();
  }

  /** What stands behind the last one. */
  public byte[] end() {
    return end.clone();
  }
}
