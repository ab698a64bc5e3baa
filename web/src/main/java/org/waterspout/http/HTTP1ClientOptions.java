// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of an {@link HTTP1ClientConnection}. Tornado: {@code HTTP1ConnectionParameters}.
 *
 * @param maxHeaderSize bytes of status line and headers of an answer, together with those of all
 *     interim answers before it; and again of its trailers
 * @param maxBodySize bytes of an answer's body, as it comes and when it is inflated; changed for
 *     one answer by {@link HTTP1ClientConnection#setMaxBodySize}
 * @param chunkSize how many bytes {@link ClientDelegate#dataReceived} gets at most
 * @param stallTimeout how long a request that was answered before it was sent may stand still: if
 *     nothing more of it is written or leaves, it is cut, and the answer counts. At most twice as
 *     long. Other limits of time are the caller's
 */
public record HTTP1ClientOptions(
    int maxHeaderSize, long maxBodySize, int chunkSize, Duration stallTimeout) {
  private static final HTTP1ClientOptions DEFAULTS =
      new HTTP1ClientOptions(64 * 1024, 100L * 1024 * 1024, 64 * 1024, Duration.ofSeconds(60));

  /** Checks the values. */
  public HTTP1ClientOptions {
    if (maxHeaderSize <= 0 || maxBodySize < 0 || chunkSize <= 0) {
      throw new IllegalArgumentException(
          "limits of %d, %d and %d bytes".formatted(maxHeaderSize, maxBodySize, chunkSize));
    }
    Objects.requireNonNull(stallTimeout, "stallTimeout");
    if (!stallTimeout.isPositive() || stallTimeout.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException(
          "stallTimeout " + stallTimeout + " is not positive, or endless");
    }
  }

  /** 64 KiB of headers, 100 MiB of body, pieces of 64 KiB, a minute. */
  public static HTTP1ClientOptions defaults() {
    return DEFAULTS;
  }

  /** A copy with another limit for headers. */
  public HTTP1ClientOptions withMaxHeaderSize(int bytes) {
    return new HTTP1ClientOptions(bytes, maxBodySize, chunkSize, stallTimeout);
  }

  /** A copy with another limit for bodies. */
  public HTTP1ClientOptions withMaxBodySize(long bytes) {
    return new HTTP1ClientOptions(maxHeaderSize, bytes, chunkSize, stallTimeout);
  }

  /** A copy with other pieces. */
  public HTTP1ClientOptions withChunkSize(int bytes) {
    return new HTTP1ClientOptions(maxHeaderSize, maxBodySize, bytes, stallTimeout);
  }

  /** A copy with another limit for requests that stand still. */
  public HTTP1ClientOptions withStallTimeout(Duration timeout) {
    return new HTTP1ClientOptions(maxHeaderSize, maxBodySize, chunkSize, timeout);
  }
}
