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
 *
 * <p>The two pipes end apart: a process may send much behind the end of its interest in what it is
 * sent. So if a write fails while a read is under way, only the output is over: reads go on, one
 * right after the other, to the orderly end, and the stream closes, and calls back, not before that
 * end or the first pause between them.
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
    super(
        new PlainTransport(source, sink),
        limits,
        stream -> new ChannelReadiness(stream, source, sink));
    setNonBlocking(source);
    setNonBlocking(sink);
  }

  private static void setNonBlocking(@Nullable SelectableChannel channel) throws IOException {
    if (channel != null) {
      channel.configureBlocking(false);
    }
  }
}
