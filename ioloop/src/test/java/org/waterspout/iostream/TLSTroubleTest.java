// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.tcp.TestCertificates.client;
import static org.waterspout.tcp.TestCertificates.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.RunningLoop;

/** Peers that do not speak TLS, stop in the middle of it, or want what they may not. */
class TLSTroubleTest {
  private RunningLoop running;
  private SocketPair sockets;
  private Socket peer;
  private SSLIOStream stream;

  @BeforeEach
  void connect() throws Exception {
    running = new RunningLoop();
    sockets = SocketPair.open();
    peer = sockets.peer();
  }

  @AfterEach
  void close() throws Exception {
    running.run(stream::close);
    running.assertNothingLeft();
    running.close();
    peer.close();
  }

  private SSLIOStream stream(boolean serverSide) throws Exception {
    stream =
        running.call(
            () ->
                new SSLIOStream(
                    sockets.channel(),
                    serverSide,
                    serverSide ? server() : client(),
                    serverSide ? null : "localhost"));
    return stream;
  }

  /** A peer of the JDK's, secured. */
  private SSLSocket secured(boolean serverSide, String protocol) throws Exception {
    stream(serverSide);
    var socket = JDKTLS.over(peer, !serverSide);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    get(running.call(stream::waitForHandshake));
    return socket;
  }

  private Throwable handshakeFailure() throws Exception {
    return failure(running.call(stream::waitForHandshake)).getCause();
  }

  private void peerSeesAnEnd() {
    try {
      while (peer.getInputStream().read() >= 0) {} // an alert
    } catch (IOException reset) {
      assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void garbageClosesTheStreamWithOneLineAndNoStack(boolean serverSide) throws Exception {
    try (var log = LogCapture.general()) {
      stream(serverSide);
      peer.getOutputStream().write(utf8("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
      assertThat(handshakeFailure()).isInstanceOf(SSLException.class);
      assertThat(running.call(stream::error)).isInstanceOf(SSLException.class);
      assertThat(log.messages()).hasSize(1).allMatch(line -> line.startsWith("TLS handshake"));
      assertThat(log.thrown()).containsOnlyNulls();
      peerSeesAnEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void randomBytesCloseTheStream(boolean serverSide) throws Exception {
    try (var log = LogCapture.general()) {
      stream(serverSide);
      var bytes = new byte[100_000];
      new Random(3).nextBytes(bytes);
      bytes[0] = 22; // looks like a handshake's record
      bytes[1] = 3;
      bytes[2] = 3;
      var sent =
          StreamEnds.inThread(
              () -> {
                peer.getOutputStream().write(bytes);
                return 0;
              });
      assertThat(handshakeFailure()).isInstanceOf(SSLException.class);
      peerSeesAnEnd();
      var _ = sent.handle((value, failure) -> 0).get();
      assertThat(log.messages()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPeerThatIsGoneDuringTheHandshakeIsNotWorthALine(boolean serverSide) throws Exception {
    for (boolean reset : new boolean[] {true, false}) {
      try (var log = LogCapture.general()) {
        stream(serverSide);
        peer.getOutputStream().write(new byte[] {22, 3, 3});
        var handshake = running.call(stream::waitForHandshake);
        running.turns(3);
        if (reset) {
          SocketPair.reset(peer);
        } else {
          peer.shutdownOutput();
        }
        assertThat(failure(handshake)).hasCauseInstanceOf(IOException.class);
        assertThat(running.call(stream::closed)).isTrue();
        assertThat(log.messages()).isEmpty();
      }
      running.turns(3);
      peer.close();
      sockets = SocketPair.open();
      peer = sockets.peer();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEndWithoutTLSsOwnIsAnError(String protocol) throws Exception {
    var socket = secured(true, protocol);
    var read = running.call(() -> stream.readUntilClose());
    socket.getOutputStream().write(utf8("half of it"));
    peer.shutdownOutput(); // below TLS
    assertThat(failure(read))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(SSLException.class);
    assertThat(running.call(stream::error)).isInstanceOf(SSLException.class);
    assertThat(get(running.call(() -> stream.readBytes(10)))).asString().isEqualTo("half of it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whatCameBeforeTLSsEndIsKept(String protocol) throws Exception {
    var socket = secured(true, protocol);
    var first = running.call(() -> stream.readBytes(1));
    socket.getOutputStream().write(utf8("-all of it"));
    socket.close();
    get(first);
    assertThat(get(running.call(() -> stream.readUntilClose()))).asString().isEqualTo("all of it");
    assertThat(running.call(stream::error)).isNull();
  }

  /** In TLS 1.2 the one end is the other's too, so nothing can be written behind it. */
  @Test
  void aWriteBehindTLSsEndLeavesAReaderThatTakesAllWhatCameBefore() throws Exception {
    var socket = secured(true, "TLSv1.2");
    var reader =
        new RecordingReader(stream, false) {
          @Override
          public boolean takesAll() {
            return true;
          }
        };
    running.run(() -> stream.startReading(reader));
    socket.getOutputStream().write(utf8("one\ntwo\nthree\n"));
    socket.close();
    assertThat(reader.next()).isEqualTo("one");
    running.until(stream::inputEnded);
    assertThat(failure(running.call(() -> stream.write(utf8("x")))))
        .isInstanceOf(StreamClosedException.class)
        .cause()
        .hasMessage("the peer has ended TLS");
    for (var expected : new String[] {"two", "three"}) {
      running.run(stream::resumeReading);
      assertThat(reader.next()).isEqualTo(expected);
    }
    get(reader.closed);
    assertThat(running.call(stream::inputEnded)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEndBehindABrokenOutputIsOrderlyIfTLSSaysSo(String protocol) throws Exception {
    var socket = secured(true, protocol);
    var read = running.call(() -> stream.readUntilClose());
    running.run(() -> stream.closeBehindInput(new IOException("the pipe is broken")));
    socket.getOutputStream().write(utf8("all of it"));
    socket.close();
    assertThat(get(read)).asString().isEqualTo("all of it");
  }

  /** The last records of an arrival can be bad; the ones before them are good. */
  @Test
  void whatCameBeforeABrokenRecordIsKept() throws Exception {
    var socket = secured(true, "TLSv1.3");
    var read = running.call(() -> stream.readBytes(4));
    running.run(
        () -> { // nothing is read meanwhile
          socket.getOutputStream().write(utf8("good"));
          peer.getOutputStream().write(new byte[] {23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9});
          peer.getOutputStream().write(new byte[11]);
        });
    assertThat(get(read)).asString().isEqualTo("good");
    var next = running.call(() -> stream.readBytes(1));
    assertThat(failure(next)).hasCauseInstanceOf(SSLException.class);
    assertThat(running.call(stream::error)).isInstanceOf(SSLException.class);
  }

  @Test
  void aHalfClosedPeerStillGetsItsAnswer() throws Exception {
    var socket = secured(true, "TLSv1.3");
    var first = running.call(() -> stream.readBytes(1));
    socket.getOutputStream().write(utf8("question"));
    socket.shutdownOutput();
    get(first);
    while (!running.call(stream::inputEnded)) {
      running.turns(1);
    }
    get(running.call(() -> stream.write(utf8("answer"))));
    assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("answer");
    get(running.call(() -> stream.readBytes(7)));
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aClientMayNotRenegotiate() throws Exception {
    var socket = secured(true, "TLSv1.2");
    var read = running.call(() -> stream.readBytes(1));
    socket.startHandshake();
    var renegotiation = StreamEnds.inThread(() -> socket.getInputStream().read());
    assertThat(failure(read)).hasCauseInstanceOf(SSLException.class);
    var _ = renegotiation.handle((value, failure) -> 0).get();
    assertThat(running.call(stream::error))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("renegotiation");
  }

  @Test
  void keysMayBeRenewedInBothDirections() throws Exception {
    var socket = secured(true, "TLSv1.3");
    for (int i = 0; i < 20; i++) {
      socket.startHandshake(); // under 1.3: new keys
      var echo =
          running.start(
              () -> {
                var bytes = await(stream.readBytes(5));
                return await(stream.write(bytes));
              });
      socket.getOutputStream().write(utf8("round"));
      assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("round");
      get(echo);
    }
  }

  /** New keys have to be answered; until the peer takes the answer, nothing can be read. */
  @Test
  void aPeerThatAsksForNewKeysAndTakesNothingDoesNotKeepTheLoopBusy() throws Exception {
    var socket = secured(true, "TLSv1.3");
    var written = running.call(() -> stream.write(new byte[6_000_000]));
    var first = running.call(() -> stream.readBytes(3));
    socket.getOutputStream().write(utf8("abc"));
    get(first);
    do { // until the socket is full for good
      while (running.call(() -> stream.interest()) != SelectionKey.OP_WRITE) {
        socket.startHandshake();
        running.turns(1);
      }
      running.turns(50);
    } while (running.call(() -> stream.interest()) != SelectionKey.OP_WRITE);
    var sending =
        StreamEnds.inThread(
            () -> {
              socket.getOutputStream().write(new byte[1_000_000]);
              return 0;
            });
    running.turns(50);
    assertThat(running.call(() -> stream.interest())).isEqualTo(SelectionKey.OP_WRITE);
    var received = StreamEnds.inThread(() -> socket.getInputStream().readNBytes(6_000_000).length);
    assertThat(get(running.call(() -> stream.readBytes(1_000_000)))).hasSize(1_000_000);
    assertThat(get(received)).isEqualTo(6_000_000);
    get(written);
    get(sending);
  }

  /** Its last word of the handshake and the end of TLS arrive together. */
  @Test
  void anEndRightBehindTheHandshakeDoesNotUndoIt() throws Exception {
    stream(true);
    var handshake = running.call(stream::waitForHandshake);
    var between = SocketPair.open();
    try (var withheld = between.channel().socket()) {
      var toClient =
          StreamEnds.inThread(() -> peer.getInputStream().transferTo(withheld.getOutputStream()));
      var toServer =
          StreamEnds.inThread(
              () -> {
                var in = new DataInputStream(withheld.getInputStream());
                var out = peer.getOutputStream();
                out.write(record(in));
                out.write(in.readAllBytes());
                return 0;
              });
      try (var client = JDKTLS.over(between.peer(), false)) {
        client.setEnabledProtocols(new String[] {"TLSv1.3"});
        client.startHandshake();
      }
      get(toServer);
      assertThat(get(handshake)).isSameAs(stream);
      while (!running.call(stream::closed)) {
        running.turns(1);
      }
      assertThat(running.call(stream::error)).isNull();
      peer.close();
      get(toClient.handle((count, failure) -> 0)); // its end is the client's affair
    }
  }

  private static byte[] record(DataInputStream in) throws IOException {
    var head = in.readNBytes(5);
    int length = (head[3] & 0xff) << 8 | head[4] & 0xff;
    return ByteBuffer.allocate(5 + length).put(head).put(in.readNBytes(length)).array();
  }
}
