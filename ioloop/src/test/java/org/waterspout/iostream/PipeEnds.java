// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import org.waterspout.ioloop.RunningLoop;

/** Over two pipes. */
final class PipeEnds extends StreamEnds {
  private final Pipe toStream;
  private final Pipe fromStream;

  private PipeEnds(RunningLoop running, Pipe toStream, Pipe fromStream, StreamLimits limits)
      throws Exception {
    super(
        running,
        running.call(() -> new PipeIOStream(toStream.source(), fromStream.sink(), limits)),
        Channels.newInputStream(fromStream.source()),
        Channels.newOutputStream(toStream.sink()),
        toStream.source(),
        fromStream.sink());
    this.toStream = toStream;
    this.fromStream = fromStream;
  }

  static PipeEnds open(StreamLimits limits) throws Exception {
    return new PipeEnds(new RunningLoop(), Pipe.open(), Pipe.open(), limits);
  }

  @Override
  void endOutput() throws IOException {
    toStream.sink().close();
  }

  @Override
  boolean resets() {
    return false;
  }

  @Override
  void vanish() throws IOException {
    fromStream.source().close();
    toStream.sink().close();
  }
}
