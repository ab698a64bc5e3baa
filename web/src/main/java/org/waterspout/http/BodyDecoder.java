// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes a body out of the bytes of a connection. Pure. */
sealed interface BodyDecoder permits LengthDecoder, WholeDecoder, ChunkedDecoder, EndlessDecoder {
  /**
   * Consumes bytes of the message and nothing behind its end.
   *
   * @param max how long the piece may be, unless it is the whole
   * @return a piece of the body, which is the caller's own; null if there is none in these bytes
   * @throws HTTPInputException if the body is refused
   */
  byte @Nullable [] decode(ByteBuffer in, int max);

  /** Whether the end of the message has been consumed. */
  boolean finished();

  /** The fields behind the body that may stand there, once it is finished. */
  default HTTPHeaders trailers() {
    return TrailerFields.NONE;
  }

  /**
   * The decoder of a body.
   *
   * @param length as in {@link BodyFraming}
   * @param maxSize the limit of the body in bytes
   * @throws HTTPInputException 413 if it is already clear that the body is over the limit
   */
  static BodyDecoder of(long length, long maxSize, int maxTrailerSize, byte[] shared) {
    checkLength(length, maxSize);
    if (length == BodyFraming.CHUNKED) {
      return new ChunkedDecoder(maxSize, maxTrailerSize, shared);
    }
    return length == BodyFraming.UNTIL_CLOSE
        ? new EndlessDecoder(maxSize)
        : new LengthDecoder(length);
  }

  /** Refuses a body with 413 of which it is already clear that it is over the limit. */
  static void checkLength(long length, long maxSize) {
    if (length > maxSize) {
      throw new HTTPInputException(413, "body of " + length + " bytes is over " + maxSize);
    }
  }
}
