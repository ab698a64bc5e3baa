// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A stream over the ends of pipes: one to read from, one to write to, or both. Tornado: {@code
 * PipeIOStream}.
 *
 * <p>A stream that only writes learns at its next write that its reader is gone, or at once while
 * output is queued. A selector of the JDK reports nothing about a channel of which nothing is
 * wanted, and one that is wanted for writing is ready nearly always.
 */
public final class PipeIOStream extends BaseIOStream {
  /** A stream of the current loop to read from. It owns the channel. */
  public PipeIOStream(Pipe.SourceChannel source) throws IOException {
    this(source, null, StreamLimits.DEFAULT);
  }

  /** A stream of the current loop to write to. It owns the channel. */
  public PipeIOStream(Pipe.SinkChannel sink) throws IOException {
    this(null, sink, StreamLimits.DEFAULT);
  }

  /** A stream of the current loop over an end of each of two pipes. It owns the channels. */
  public PipeIOStream(
      Pipe.@Nullable SourceChannel source, Pipe.@Nullable SinkChannel sink, StreamLimits limits)
      throws IOException {
    super(new PlainTransport(source, sink), source, sink, limits);
    setNonBlocking(source);
    setNonBlocking(sink);
  }

  private static void setNonBlocking(@Nullable SelectableChannel channel) throws IOException {
    if (channel != null) {
      channel.configureBlocking(false);
    }
  }
}
