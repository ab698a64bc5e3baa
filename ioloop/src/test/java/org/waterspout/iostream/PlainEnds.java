// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.net.Socket;
import org.waterspout.ioloop.RunningLoop;

/** Over a socket. */
final class PlainEnds extends StreamEnds {
  private final Socket peer;

  private PlainEnds(RunningLoop running, SocketPair sockets, StreamLimits limits) throws Exception {
    super(
        running,
        running.call(() -> new IOStream(sockets.channel(), limits)),
        sockets.peer().getInputStream(),
        sockets.peer().getOutputStream(),
        sockets.channel());
    peer = sockets.peer();
  }

  static PlainEnds open(StreamLimits limits) throws Exception {
    return new PlainEnds(new RunningLoop(), SocketPair.open(), limits);
  }

  @Override
  void endOutput() throws IOException {
    peer.shutdownOutput();
  }

  @Override
  void vanish() throws IOException {
    if (!peer.isClosed()) {
      SocketPair.reset(peer);
    }
  }
}
