// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.util.zip.Deflater;

/**
 * How messages are compressed by permessage-deflate (RFC 7692), where a client offers that and the
 * server accepts it. Tornado: the dict of {@code get_compression_options}.
 *
 * <p>With a context that is kept, a message may refer to earlier ones, which makes a stream of
 * small messages much smaller. It costs memory outside of the heap for as long as the connection is
 * open, from the first message on: about 40 KB to receive and 260 KB to send. Without, that memory
 * is held only while a message is on its way through.
 *
 * <p>The JDK's zlib knows windows of 32 KiB only. So an offer that demands a smaller one of the
 * server ({@code server_max_window_bits} below 15) is declined, and {@code client_max_window_bits}
 * makes no difference: a smaller window of the client's is always understood. As a client we do not
 * offer {@code client_max_window_bits}, and understand any window of the server's.
 *
 * @param level from 0 (none) to 9 (best), or -1 for zlib's default
 * @param serverNoContextTakeover whether no context is kept of what the server sends: as a server
 *     even if the client would allow it, as a client by asking for that
 * @param clientNoContextTakeover the same of what the client sends, the other way round
 */
public record CompressionOptions(
    int level, boolean serverNoContextTakeover, boolean clientNoContextTakeover) {
  /** Level 6, contexts are kept. */
  public static final CompressionOptions DEFAULT = new CompressionOptions(6, false, false);

  /** Options with a level that zlib knows. */
  public CompressionOptions {
    if (level < Deflater.DEFAULT_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
      throw new IllegalArgumentException("compression level " + level);
    }
  }

  /** The same with another level. */
  public CompressionOptions withLevel(int newLevel) {
    return new CompressionOptions(newLevel, serverNoContextTakeover, clientNoContextTakeover);
  }

  /** The same without contexts in either direction: no memory is held between messages. */
  public CompressionOptions withoutContextTakeover() {
    return new CompressionOptions(level, true, true);
  }
}
