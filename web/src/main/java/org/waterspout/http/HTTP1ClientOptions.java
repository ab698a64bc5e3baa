// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * The limits of an {@link HTTP1ClientConnection}. Tornado: {@code HTTP1ConnectionParameters}.
 *
 * @param maxHeaderSize bytes of status line and headers of an answer, together with those of all
 *     interim answers before it; and again of its trailers
 * @param maxBodySize bytes of an answer's body, as it comes and when it is inflated; changed for
 *     one answer by {@link HTTP1ClientConnection#setMaxBodySize}
 * @param chunkSize how many bytes {@link ClientDelegate#dataReceived} gets at most
 */
public record HTTP1ClientOptions(int maxHeaderSize, long maxBodySize, int chunkSize) {
  private static final HTTP1ClientOptions DEFAULTS =
      new HTTP1ClientOptions(64 * 1024, 100L * 1024 * 1024, 64 * 1024);

  /** Checks the values. */
  public HTTP1ClientOptions {
    if (maxHeaderSize <= 0 || maxBodySize < 0 || chunkSize <= 0) {
      throw new IllegalArgumentException(
          "limits of %d, %d and %d bytes".formatted(maxHeaderSize, maxBodySize, chunkSize));
    }
  }

  /** 64 KiB of headers, 100 MiB of body, pieces of 64 KiB. */
  public static HTTP1ClientOptions defaults() {
    return DEFAULTS;
  }

  /** A copy with another limit for headers. */
  public HTTP1ClientOptions withMaxHeaderSize(int bytes) {
    return new HTTP1ClientOptions(bytes, maxBodySize, chunkSize);
  }

  /** A copy with another limit for bodies. */
  public HTTP1ClientOptions withMaxBodySize(long bytes) {
    return new HTTP1ClientOptions(maxHeaderSize, bytes, chunkSize);
  }

  /** A copy with other pieces. */
  public HTTP1ClientOptions withChunkSize(int bytes) {
    return new HTTP1ClientOptions(maxHeaderSize, maxBodySize, bytes);
  }
}
