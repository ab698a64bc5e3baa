// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;
import static org.waterspout.tcp.TestCertificates.client;
import static org.waterspout.tcp.TestCertificates.server;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LogCapture;
import org.waterspout.ioloop.LoopFuture;

/** Connections that begin in the clear and go on with TLS. */
class StartTLSTest {
  private StreamPair pair;
  private IOStream plain;

  @BeforeEach
  void connect() throws Exception {
    pair = new StreamPair();
    plain = pair.stream;
  }

  @AfterEach
  void close() throws Exception {
    pair.close();
  }

  private LoopFuture<SSLIOStream> startTLS(boolean serverSide) throws Exception {
    return pair.running.call(
        () ->
            plain.startTLS(
                serverSide, serverSide ? server() : client(), serverSide ? null : "localhost"));
  }

  /** A secured stream and its peer, after some words in the clear. */
  private SSLIOStream secured(boolean serverSide, CompletableFuture<SSLSocket> peer)
      throws Exception {
    pair.send("STARTTLS\n");
    get(pair.running.call(() -> plain.readUntil(utf8("\n"))));
    get(pair.running.call(() -> plain.write(utf8("go ahead\n"))));
    assertThat(pair.receive(9)).asString().isEqualTo("go ahead\n");
    var starting = startTLS(serverSide);
    var socket = JDKTLS.over(pair.peer, !serverSide);
    socket.startHandshake();
    peer.complete(socket);
    return get(starting);
  }

  @Test
  void goesOnWithTLSInBothRoles() throws Exception {
    for (boolean serverSide : new boolean[] {true, false}) {
      if (!serverSide) {
        pair.close();
        connect();
      }
      var peer = new CompletableFuture<SSLSocket>();
      var secure = secured(serverSide, peer);
      peer.join().getOutputStream().write(utf8("secret"));
      var got = get(pair.running.call(() -> secure.readBytes(6)));
      assertThat(got).asString().isEqualTo("secret");
      get(pair.running.call(() -> secure.write(utf8("answer"))));
      assertThat(peer.join().getInputStream().readNBytes(6)).asString().isEqualTo("answer");
      pair.running.run(secure::close);
      assertThat(peer.join().getInputStream().read()).isEqualTo(-1);
      assertThat(pair.running.call(plain.channel()::isOpen)).isFalse();
    }
  }

  @Test
  void theOldStreamIsOfNoMoreUseAndClosingItHarmsNothing() throws Exception {
    var peer = new CompletableFuture<SSLSocket>();
    var secure = secured(true, peer);
    pair.running.run(plain::close);
    assertThat(pair.running.call(plain::closed)).isTrue();
    assertThat(failure(pair.running.call(() -> plain.readBytes(1))))
        .isInstanceOf(StreamClosedException.class);
    assertThat(failure(pair.running.call(() -> plain.write(utf8("x")))))
        .isInstanceOf(StreamClosedException.class);
    assertThat(failure(startTLS(true))).isInstanceOf(StreamClosedException.class);
    peer.join().getOutputStream().write(utf8("secret"));
    assertThat(get(pair.running.call(() -> secure.readBytes(6)))).asString().isEqualTo("secret");
    pair.running.run(secure::close);
  }

  /** Somebody on the way can add to what is said before TLS; it must not pass for secured. */
  @Test
  void whatWasInjectedBehindTheLastWordInTheClearIsNotTakenForSecured() throws Exception {
    try (var log = LogCapture.general()) {
      pair.send("STARTTLS\nDELETE everything\n");
      get(pair.running.call(() -> plain.readUntil(utf8("\n"))));
      var starting = startTLS(true);
      assertThat(failure(starting)).hasCauseInstanceOf(SSLException.class);
      assertThat(pair.running.call(plain.channel()::isOpen)).isFalse();
      assertThat(log.messages()).hasSize(1);
    }
  }

  @Test
  void moreThanTLSBeginsWithClosesTheConnection() throws Exception {
    var first = pair.running.call(() -> plain.readBytes(1));
    var sent =
        StreamEnds.inThread(
            () -> {
              pair.send(new byte[200_000]);
              return 0;
            });
    get(first);
    while (pair.running.call(() -> plain.input.rest().size()) < 64 * 1024) {
      pair.running.turns(1);
    }
    assertThat(failure(startTLS(true))).hasCauseInstanceOf(SSLException.class);
    pair.running.turns(3);
    assertThat(plain.channel().isOpen()).isFalse();
    var _ = sent.handle((value, failure) -> 0).get();
  }

  @Test
  void theBeginningOfTLSMayHaveArrivedAlready() throws Exception {
    var first = pair.running.call(() -> plain.readBytes(1));
    pair.send("x");
    get(first);
    var socket = JDKTLS.over(pair.peer, false);
    var handshake =
        StreamEnds.inThread(
            () -> {
              socket.startHandshake();
              return 0;
            });
    while (pair.running.call(() -> plain.input.rest().isEmpty())) {
      pair.running.turns(1);
    }
    var secure = get(startTLS(true));
    get(handshake);
    pair.running.run(secure::close);
  }

  @Test
  void bytesOfACancelledReadBelongToTLS() throws Exception {
    var read = pair.running.call(() -> plain.readBytes(50_000));
    var socket = JDKTLS.over(pair.peer, false);
    var handshake =
        StreamEnds.inThread(
            () -> {
              socket.startHandshake();
              return 0;
            });
    while (pair.running.call(() -> plain.input.rest().isEmpty())) {
      pair.running.turns(1);
    }
    pair.running.run(() -> read.cancel(false));
    var secure = get(startTLS(true));
    get(handshake);
    pair.running.run(secure::close);
  }

  @Test
  void isRefusedOnAStreamThatIsNotIdle() throws Exception {
    pair.running.run(
        () -> {
          var read = plain.readBytes(1);
          assertThatIllegalStateException().isThrownBy(() -> plain.startTLS(true, server(), null));
          read.cancel(false);
          var _ = plain.write(new byte[3_000_000]);
          assertThatIllegalStateException().isThrownBy(() -> plain.startTLS(true, server(), null));
        });
    pair.receive(3_000_000);
    while (pair.running.call(plain::writing)) {
      pair.running.turns(1);
    }
    pair.running.run(
        () -> {
          var loan = plain.lendWriteSide();
          assertThatIllegalStateException().isThrownBy(() -> plain.startTLS(true, server(), null));
          loan.giveBack();
        });
  }

  @Test
  void optionsThatCannotBeUsedLeaveTheStreamAsItIs() throws Exception {
    pair.running.run(
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> plain.startTLS(false, client(), null)));
    pair.send("still here");
    assertThat(get(pair.running.call(() -> plain.readBytes(10))))
        .asString()
        .isEqualTo("still here");
  }

  @Test
  void theNewStreamCanBeHadBeforeTheHandshake() throws Exception {
    var secure = pair.running.call(() -> plain.beginTLS(true, server(), null));
    var read = pair.running.call(() -> secure.readBytes(6));
    var socket = JDKTLS.over(pair.peer, false);
    socket.getOutputStream().write(utf8("secret"));
    assertThat(get(read)).asString().isEqualTo("secret");
    assertThat(get(pair.running.call(secure::waitForHandshake))).isSameAs(secure);
    pair.running.run(
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> secure.beginTLS(true, server(), null))
              .withMessageContaining("secure already");
          assertThatExceptionOfType(StreamClosedException.class)
              .isThrownBy(() -> plain.beginTLS(true, server(), null));
          secure.close();
        });
  }

  @Test
  void aHandshakeThatDoesNotEndCanBeGivenUp() throws Exception {
    pair.running.run(() -> plain.beginTLS(true, server(), null).close());
    assertThat(pair.running.call(plain.channel()::isOpen)).isFalse();
    pair.peer.getInputStream().readAllBytes(); // to the end
  }

  @Test
  void theCloseCallbackMovesOn() throws Exception {
    var told = new CompletableFuture<Void>();
    pair.running.run(() -> plain.setCloseCallback(() -> told.complete(null)));
    var peer = new CompletableFuture<SSLSocket>();
    var secure = secured(true, peer);
    pair.running.turns(3);
    assertThat(told).isNotDone();
    peer.join().close();
    get(told);
    assertThat(pair.running.call(secure::closed)).isTrue();
  }

  @Test
  void aCoroutineMayDoItAll() throws Exception {
    var body =
        pair.running.start(
            () -> {
              await(plain.readUntil(utf8("\n")));
              await(plain.write(utf8("+\n")));
              var secure = await(plain.startTLS(true, server(), null));
              var name = await(secure.readUntilClose());
              return new String(name, StandardCharsets.UTF_8);
            });
    pair.send("STARTTLS\n");
    pair.receive(2);
    try (var socket = JDKTLS.over(pair.peer, false)) {
      socket.getOutputStream().write(utf8("somebody"));
    }
    assertThat(get(body)).isEqualTo("somebody");
  }
}
