// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServerRequest;

/**
 * Compresses answers whose type is worth it for clients that take gzip; what {@code
 * Settings.Builder.compressResponse} adds. Tornado: {@code GZipContentEncoding}.
 *
 * <p>Left alone is what is short of {@value #MIN_LENGTH} bytes in all, has a coding already, is a
 * part of something (206), is a stream of events, or says {@code Cache-Control: no-transform}. What
 * a flush has sent the client can read. A strong ETag becomes a weak one (RFC 9110 section 8.8.3).
 *
 * <p>Where an answer repeats what a request has said next to a secret, its compressed length tells
 * something about the secret (BREACH): give such answers {@code no-transform}.
 */
public final class GZipContentEncoding implements OutputTransform {
  /** Compressing less would rather cost than save. */
  public static final int MIN_LENGTH = 1024;

  private static final int LEVEL = 6;
  private static final int BUFFER = 8 * 1024;

  /** RFC 1952 section 2.3.1: deflate, no name, no time, unknown system. */
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final Set<String> TYPES =
      Set.of(
          "application/javascript",
          "application/x-javascript",
          "application/json",
          "application/manifest+json",
          "application/wasm",
          "application/xml",
          "image/x-icon",
          "image/vnd.microsoft.icon");

  private final boolean accepted;
  private final boolean head;
  private final CRC32 crc = new CRC32();
  private @Nullable Deflater deflater; // null: the answer is left alone, or has ended
  private long length;
  private boolean begun;

  /** For the answer to this request. */
  public GZipContentEncoding(HTTPServerRequest request) {
    this.accepted = AcceptEncoding.weight(request.headers(), "gzip") > 0;
    this.head = request.method().equals("HEAD");
  }

  @Override
  public byte[] transformFirstChunk(
      int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
    boolean nothing = finishing && chunk.length == 0;
    if (!isWorthIt(status, headers, chunk, finishing) || (nothing && !head && status != 304)) {
      return chunk;
    }
    if (!headers.listContains("Vary", "Accept-Encoding") && !headers.listContains("Vary", "*")) {
      headers.add("Vary", "Accept-Encoding");
    }
    if (!accepted) {
      return chunk;
    }
    String etag = headers.get("ETag");
    if (etag != null) {
      headers.set("ETag", EntityTag.weakened(etag));
    }
    headers.remove("Accept-Ranges"); // they would be parts of something else
    headers.set("Content-Encoding", "gzip");
    if (nothing || status == 304) { // be it flushed
      headers.remove("Content-Length");
      return chunk;
    }
    deflater = new Deflater(LEVEL, true);
    byte[] out = transformChunk(chunk, finishing);
    if (!finishing) {
      headers.remove("Content-Length");
    } else if (headers.contains("Content-Length")) {
      headers.set("Content-Length", Integer.toString(out.length));
    }
    return out;
  }

  @Override
  public byte[] transformChunk(byte[] chunk, boolean finishing) {
    var deflater = this.deflater;
    if (deflater == null || (chunk.length == 0 && !finishing)) {
      return chunk;
    }
    var out = new ByteArrayOutputStream(Math.min(BUFFER, chunk.length + 32));
    if (!begun) {
      out.writeBytes(HEAD);
      begun = true;
    }
    crc.update(chunk);
    length += chunk.length;
    deflater.setInput(chunk);
    byte[] buffer = new byte[Math.min(BUFFER, chunk.length / 2 + 64)];
    if (finishing) {
      deflater.finish();
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      number(out, crc.getValue());
      number(out, length);
      close();
    } else {
      int count = buffer.length;
      while (count == buffer.length) { // there may be more
        count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
        out.write(buffer, 0, count);
      }
    }
    return out.toByteArray();
  }

  /** 32 bits, the lowest byte first. */
  private static void number(ByteArrayOutputStream out, long value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write((int) (value >>> shift) & 0xff);
    }
  }

  @Override
  public boolean passesThrough() {
    return deflater == null;
  }

  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
      deflater = null;
    }
  }

  private static boolean isWorthIt(
      int status, HTTPHeaders headers, byte[] chunk, boolean finishing) {
    return status >= 200
        && status != 204
        && status != 206
        && !headers.contains("Content-Encoding")
        && !headers.contains("Content-Range")
        && !headers.listContains("Cache-Control", "no-transform")
        && isCompressible(headers.get("Content-Type"))
        && !isShort(headers.get("Content-Length"), chunk, finishing);
  }

  private static boolean isShort(@Nullable String announced, byte[] chunk, boolean finishing) {
    if (announced == null) {
      return finishing && chunk.length < MIN_LENGTH;
    }
    try {
      return Long.parseLong(announced) < MIN_LENGTH;
    } catch (NumberFormatException e) {
      return true; // the connection refuses it
    }
  }

  private static boolean isCompressible(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    return !type.equals("text/event-stream")
        && (type.startsWith("text/")
            || type.endsWith("+xml")
            || type.endsWith("+json")
            || TYPES.contains(type));
  }
}
