// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies for tests. */
final class Gzipped {
  private Gzipped() {}

  static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** By the JDK. */
  static byte[] of(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** With another header; what belongs to the flags stands behind the fixed part. */
  static byte[] withHeader(String text, int flags, String fields) {
    byte[] plain = of(text);
    var header = new ByteArrayOutputStream();
    header.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 2, 3});
    header.writeBytes(fields.getBytes(StandardCharsets.ISO_8859_1));
    if ((flags & 2) != 0) {
      var crc = new CRC32();
      crc.update(header.toByteArray());
      header.write((int) crc.getValue());
      header.write((int) crc.getValue() >> 8);
    }
    return joined(header.toByteArray(), Arrays.copyOfRange(plain, 10, plain.length));
  }

  static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
