// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.waterspout.ioloop.RunningLoop.get;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.TestCertificates;

/** Over TLS, with the JDK's own socket at the other end, after the handshake. */
final class TLSEnds extends StreamEnds {
  private static final SSLOptions SERVER = TestCertificates.server(); // slow to make
  private static final SSLOptions CLIENT = TestCertificates.client();

  private final Socket raw; // below the peer's TLS
  private final SSLSocket peer;

  private TLSEnds(RunningLoop running, SSLIOStream stream, Socket raw, SSLSocket peer)
      throws Exception {
    super(running, stream, peer.getInputStream(), peer.getOutputStream(), stream.channel());
    this.raw = raw;
    this.peer = peer;
  }

  static TLSEnds open(boolean serverSide, StreamLimits limits) throws Exception {
    var running = new RunningLoop();
    var sockets = SocketPair.open();
    var options = serverSide ? SERVER : CLIENT;
    var stream =
        running.call(
            () ->
                new SSLIOStream(
                    sockets.channel(),
                    serverSide,
                    options,
                    serverSide ? null : "localhost",
                    limits));
    var peer = JDKTLS.over(sockets.peer(), !serverSide);
    peer.startHandshake();
    get(running.call(stream::waitForHandshake));
    return new TLSEnds(running, stream, sockets.peer(), peer);
  }

  @Override
  void endOutput() throws IOException {
    peer.shutdownOutput();
  }

  @Override
  void vanish() throws IOException {
    if (!raw.isClosed()) {
      SocketPair.reset(raw);
    }
  }
}
