// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.ioloop.RunningLoop.get;
import static org.waterspout.iostream.StreamEnds.failure;
import static org.waterspout.iostream.StreamEnds.utf8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;
import org.waterspout.tcp.TestCertificates;

/** Streams that have no connection yet. */
class ConnectTest {
  @TempDir Path folder;

  private RunningLoop running;
  private ServerSocketChannel listening;
  private IOStream stream;
  private SocketChannel taken; // only for its port; null: none

  @BeforeEach
  void begin() throws Exception {
    running = new RunningLoop();
    listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    stream = running.call(() -> new IOStream(SocketChannel.open()));
  }

  @AfterEach
  void end() throws Exception {
    running.run(stream::close);
    running.assertNothingLeft();
    assertThat(stream.channel().isOpen()).isFalse();
    running.close();
    listening.close();
    if (taken != null) {
      taken.close();
    }
  }

  private LoopFuture<IOStream> connect(SocketAddress address) throws Exception {
    return running.call(() -> stream.connect(address));
  }

  private String accepted(String answer) throws IOException {
    try (var peer = listening.accept()) {
      var in = Channels.newInputStream(peer);
      var line = new String(in.readNBytes(8), StandardCharsets.UTF_8);
      peer.write(ByteBuffer.wrap(utf8(answer)));
      return line;
    }
  }

  @Test
  void givesTheStreamOnceItIsConnected() throws Exception {
    assertThat(get(connect(listening.getLocalAddress()))).isSameAs(stream);
    get(running.call(() -> stream.write(utf8("question"))));
    assertThat(accepted("answer")).isEqualTo("question");
    var read = running.call(() -> stream.readUntilClose());
    assertThat(get(read)).asString().isEqualTo("answer");
  }

  @Test
  void readsAndWritesWaitForTheConnection() throws Exception {
    var completed = new ArrayList<String>();
    var told = new ArrayList<CompletableFuture<Void>>();
    var read = running.call(() -> stream.readUntilClose());
    var connected =
        running.call(
            () -> {
              told.add(stream.write(utf8("ques")).thenRun(() -> completed.add("first")));
              var connecting = stream.connect(listening.getLocalAddress());
              told.add(stream.write(utf8("tion")).thenRun(() -> completed.add("second")));
              assertThat(stream.writing()).isEqualTo(!stream.channel().isConnected());
              return connecting;
            });
    get(connected);
    assertThat(accepted("answer")).isEqualTo("question");
    assertThat(get(read)).asString().isEqualTo("answer");
    for (var each : told) {
      get(each);
    }
    assertThat(completed).containsExactly("first", "second");
  }

  /** Its port is taken, so nobody else listens there meanwhile. */
  private SocketAddress whereNobodyListens() throws IOException {
    taken = SocketChannel.open();
    taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return taken.getLocalAddress();
  }

  @Test
  void aRefusalIsTheReasonOfEveryFailure() throws Exception {
    var address = whereNobodyListens();
    var connected = connect(address);
    for (var failed :
        new LoopFuture<?>[] {
          connected,
          running.call(() -> stream.readBytes(1)),
          running.call(() -> stream.write(utf8("x")))
        }) {
      assertThat(failure(failed))
          .isInstanceOf(StreamClosedException.class)
          .hasCauseInstanceOf(ConnectException.class);
    }
    assertThat(running.call(stream::error)).isInstanceOf(ConnectException.class);
    assertThat(failure(connect(address))).as("again").hasCauseInstanceOf(ConnectException.class);
  }

  /** Its queue is full, so it does not answer; then it is gone, which the next try finds out. */
  @Test
  void aServerThatIsGoneWhileConnectingIsTheReasonOfEveryFailure() throws Exception {
    var full = ServerSocketChannel.open();
    var others = new ArrayList<SocketChannel>();
    try {
      full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      var address = full.getLocalAddress();
      for (boolean answered = true; answered; ) {
        var other = SocketChannel.open();
        other.configureBlocking(false);
        others.add(other);
        other.connect(address);
        answered = finishesConnecting(other);
      }
      var connected = running.call(() -> stream.connect(address));
      var read = running.call(() -> stream.readBytes(1));
      var written = running.call(() -> stream.write(utf8("x")));
      running.turns(3);
      assertThat(connected).isNotDone();
      full.close();
      for (var failed : List.of(connected, read, written)) {
        assertThat(failure(failed))
            .isInstanceOf(StreamClosedException.class)
            .hasCauseInstanceOf(IOException.class);
      }
    } finally {
      full.close();
      for (var other : others) {
        other.close();
      }
    }
  }

  /** Over the loopback it does so at once, or not while the queue is full. */
  private static boolean finishesConnecting(SocketChannel channel) throws IOException {
    try (var selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(900) > 0 && channel.finishConnect();
    }
  }

  @Test
  void addressesThatCannotBeConnectedToFailTheFuture() throws Exception {
    assertThat(failure(connect(InetSocketAddress.createUnresolved("localhost", 1))))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(UnresolvedAddressException.class);
    var another = running.call(() -> new IOStream(SocketChannel.open()));
    var unix = UnixDomainSocketAddress.of(folder.resolve("nobody"));
    assertThat(failure(running.call(() -> another.connect(unix))))
        .hasCauseInstanceOf(UnsupportedAddressTypeException.class);
    running.run(() -> assertThatNullPointerException().isThrownBy(() -> stream.connect(null)));
  }

  @Test
  void aSecondConnectIsRefused() throws Exception {
    var address = listening.getLocalAddress();
    var first =
        running.call(
            () -> {
              var connecting = stream.connect(address);
              assertThatIllegalStateException().isThrownBy(() -> stream.connect(address));
              return connecting;
            });
    get(first);
    running.run(() -> assertThatIllegalStateException().isThrownBy(() -> stream.connect(address)));
  }

  @Test
  void aCloseWhileConnectingFailsEverything() throws Exception {
    var reason = new IOException("changed my mind");
    var futures = new ArrayList<LoopFuture<?>>();
    var told = new LoopFuture<Void>(running.loop);
    running.run(
        () -> {
          stream.setCloseCallback(() -> told.complete(null));
          futures.add(stream.readBytes(1));
          futures.add(stream.write(utf8("x")));
          futures.add(stream.connect(listening.getLocalAddress()));
          stream.close(reason);
        });
    get(told);
    assertThat(failure(futures.get(0))).hasCause(reason);
    assertThat(stream.channel().isOpen()).isFalse();
  }

  @Test
  void aStreamThatWasNeverConnectedCloses() throws Exception {
    var read = running.call(() -> stream.readBytes(1));
    var written = running.call(() -> stream.write(utf8("x")));
    running.turns(3);
    assertThat(read).isNotDone();
    running.run(stream::close);
    assertThat(failure(read)).isInstanceOf(StreamClosedException.class).hasNoCause();
    assertThat(failure(written)).isInstanceOf(StreamClosedException.class).hasNoCause();
    assertThat(failure(connect(listening.getLocalAddress())))
        .isInstanceOf(StreamClosedException.class);
  }

  @Test
  void secureStreamsConnectToNobodyToo() throws Exception {
    var address = whereNobodyListens();
    var options = TestCertificates.client();
    var secure =
        running.call(() -> new SSLIOStream(SocketChannel.open(), false, options, "localhost"));
    var handshake = running.call(secure::waitForHandshake);
    assertThat(failure(running.call(() -> secure.connect(address))))
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(failure(handshake)).hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void unixDomainSocketsConnectReadAndWrite() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("s"));
    listening.close();
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    running.run(stream::close);
    stream = running.call(() -> new IOStream(SocketChannel.open(StandardProtocolFamily.UNIX)));
    var body =
        running.start(
            () -> {
              await(stream.connect(address));
              stream.setNoDelay(false);
              await(stream.write(utf8("question")));
              return await(stream.readUntilClose());
            });
    assertThat(accepted("answer")).isEqualTo("question");
    assertThat(get(body)).asString().isEqualTo("answer");
  }

  @Test
  void aUnixDomainSocketThatNobodyListensToIsRefused() throws Exception {
    running.run(stream::close);
    stream = running.call(() -> new IOStream(SocketChannel.open(StandardProtocolFamily.UNIX)));
    assertThat(failure(connect(UnixDomainSocketAddress.of(folder.resolve("nobody")))))
        .isInstanceOf(StreamClosedException.class)
        .hasCauseInstanceOf(IOException.class);
  }
}
