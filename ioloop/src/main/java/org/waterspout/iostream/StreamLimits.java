// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/**
 * How much a stream keeps. Tornado: {@code max_buffer_size}, {@code max_write_buffer_size}.
 *
 * @param maxBufferSize bytes that are kept for a read that needs more; if they are not enough for
 *     it, the stream is closed with {@link StreamBufferFullException}
 * @param maxWriteBufferSize bytes that were written and that the transport has not taken; a write
 *     that would make it more is refused with {@link StreamBufferFullException}
 */
public record StreamLimits(int maxBufferSize, long maxWriteBufferSize) {
  /** 100 MiB of input; output without a limit. */
  public static final StreamLimits DEFAULT = new StreamLimits(100 * 1024 * 1024, Long.MAX_VALUE);

  private static final int LARGEST_BUFFER = 1 << 30;

  /** Limits of at least one byte, and of at most 1 GiB for input. */
  public StreamLimits {
    if (maxBufferSize < 1 || maxBufferSize > LARGEST_BUFFER || maxWriteBufferSize < 1) {
      throw new IllegalArgumentException(
          "limits of " + maxBufferSize + " and " + maxWriteBufferSize + " bytes");
    }
  }

  /** The same with another limit for input. */
  public StreamLimits withMaxBufferSize(int bytes) {
    return new StreamLimits(bytes, maxWriteBufferSize);
  }

  /** The same with another limit for output. */
  public StreamLimits withMaxWriteBufferSize(long bytes) {
    return new StreamLimits(maxBufferSize, bytes);
  }
}
