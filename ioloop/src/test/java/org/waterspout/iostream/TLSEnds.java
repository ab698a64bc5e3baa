// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.tcp.TestCertificates.clientBuilder;
import static org.waterspout.tcp.TestCertificates.serverBuilder;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.SSLOptions;

/** Over TLS, with the JDK's own socket at the other end, after the handshake. */
final class TLSEnds extends StreamEnds {
  private static final Map<String, SSLOptions> SERVER = new ConcurrentHashMap<>(); // slow to make
  private static final Map<String, SSLOptions> CLIENT = new ConcurrentHashMap<>();

  private final Socket raw; // below the peer's TLS
  private final SSLSocket peer;

  private TLSEnds(RunningLoop running, SSLIOStream stream, Socket raw, SSLSocket peer)
      throws Exception {
    super(running, stream, peer.getInputStream(), peer.getOutputStream(), stream.channel());
    this.raw = raw;
    this.peer = peer;
  }

  static TLSEnds open(boolean serverSide, String protocol, StreamLimits limits) throws Exception {
    var running = new RunningLoop();
    var sockets = SocketPair.open();
    var options =
        serverSide
            ? SERVER.computeIfAbsent(protocol, p -> serverBuilder().protocols(p).build())
            : CLIENT.computeIfAbsent(protocol, p -> clientBuilder().protocols(p).build());
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
    assertThat(stream.session().getProtocol()).isEqualTo(protocol);
    return new TLSEnds(running, stream, sockets.peer(), peer);
  }

  /** RFC 5246 7.2.1: who is told the end answers with its own at once. */
  @Override
  boolean endsSeparately() {
    return !peer.getSession().getProtocol().equals("TLSv1.2");
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
