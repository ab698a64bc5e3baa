// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same as {@link StreamingTest} where there is no servlet API. */
@ParameterizedClass
@EnumSource(NativeServer.Kind.class)
class NativeStreamingTest {
  private static final int MEBIBYTE = 1 << 20;

  private final TestHandlers handlers = new TestHandlers();
  @Parameter NativeServer.Kind kind;
  private NativeServer server;

  @BeforeEach
  void start() throws Exception {
    server = kind.start(handlers.application());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void receivesALargeUploadPieceByPiece() throws Exception {
    byte[] body = randomBytes(20 * MEBIBYTE);
    try (var client = server.connect()) {
      assertThat(client.post("/upload", body).text()).isEqualTo(sizeAndChecksum(body));
      assertThat(client.get("/echo/next").status()).isEqualTo(200);
    }
  }

  @Test
  void deliversTrailers() throws Exception {
    var seam = new Seam();
    try (var trailing = kind.start(seam.application());
        var client = trailing.connect()) {
      String head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
      assertThat(seam.event()).isEqualTo("start");
      client.send(head + "3\r\nabc\r\n0\r\nX-Sum: 1 2\r\nHost: b\r\n\r\n");
      assertThat(seam.event()).isEqualTo("headers");
      assertThat(seam.event()).isEqualTo("data");
      assertThat(seam.event()).isEqualToIgnoringCase("trailers [X-Sum=1 2]");
      assertThat(seam.event()).isEqualTo("finish");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void holdsTheSenderBackWhileThePieceIsBeingReceived(boolean chunked) throws Exception {
    byte[] body = randomBytes(20 * MEBIBYTE);
    try (var selector = Selector.open();
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()))) {
      String head = "POST /slow-upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
      var message = chunked ? chunked(head, body) : whole(head, body);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_WRITE);
      while (selector.select(500) > 0) {
        selector.selectedKeys().clear();
        channel.write(message);
        if (!message.hasRemaining()) {
          break;
        }
      }
      assertThat(message.remaining()).as("not taken by the server").isGreaterThan(8 * MEBIBYTE);

      handlers.parked.poll(20, TimeUnit.SECONDS).complete("go");
      key.cancel();
      selector.selectNow();
      channel.configureBlocking(true);
      while (message.hasRemaining()) {
        channel.write(message);
      }
      String answer = new String(channel.socket().getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).endsWith(sizeAndChecksum(body));
    }
  }

  private static ByteBuffer whole(String head, byte[] body) {
    var message = ByteBuffer.allocate(body.length + 200);
    message.put((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
    return message.put(body).flip();
  }

  private static ByteBuffer chunked(String head, byte[] body) {
    int size = 1 << 16;
    var message = ByteBuffer.allocate(body.length + body.length / size * 10 + 200);
    message.put((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes(UTF_8));
    for (int at = 0; at < body.length; at += size) {
      message.put("10000\r\n".getBytes(UTF_8)).put(body, at, size).put("\r\n".getBytes(UTF_8));
    }
    return message.put("0\r\n\r\n".getBytes(UTF_8)).flip();
  }

  @Test
  void sendsALargeAnswerPieceByPiece() throws Exception {
    try (var client = new Client(server.port(), 16 * 1024)) {
      client.send("GET /download/320 HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      long size = 0;
      for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
        for (byte b : chunk) {
          if (b != (byte) (size++ >> 16)) {
            Assertions.fail("wrong byte at " + (size - 1));
          }
        }
      }
      assertThat(size).isEqualTo(20 * MEBIBYTE);
      assertThat(client.get("/echo/next").status()).isEqualTo(200);
    }
  }

  @Test
  void waitsForAReaderWhoDoesNotRead() throws Exception {
    try (var client = new Client(server.port(), 16 * 1024)) {
      client.send("GET /download/10000 HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      long before = -1;
      long produced = handlers.produced;
      while (before != produced) { // a stop is only seen by waiting: 300 ms without a piece
        before = produced;
        assertThat(handlers.events.poll(300, TimeUnit.MILLISECONDS)).isNull();
        produced = handlers.produced;
      }
      assertThat(produced * 64 * 1024).isLessThan(100L * MEBIBYTE);
      client.reset();
      assertThat(handlers.events.poll(20, TimeUnit.SECONDS))
          .isEqualTo("failed StreamClosedException");
    }
  }

  @Test
  void sendsTheFirstPieceBeforeTheSecondExists() throws Exception {
    try (var client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
      for (String piece : new String[] {"one", "two", "three"}) {
        handlers.parked.poll(20, TimeUnit.SECONDS).complete(piece);
        if (piece.equals("one")) {
          client.head();
        }
        assertThat(new String(client.chunk(), UTF_8)).isEqualTo(piece);
      }
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("");
      assertThat(client.chunk()).isEmpty();
      assertThat(client.get("/echo/next").status()).isEqualTo(200);
    }
  }

  @Test
  void cutsAStreamedAnswerWhoseHandlerFails() throws Exception {
    try (var client = server.connect()) {
      client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("half");
      Assertions.assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
    }
  }

  @Test
  void tellsAStreamingHandlerThatItsClientIsGone() throws Exception {
    try (var client = server.connect()) {
      client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("one");
      client.head();
      client.chunk();
      client.reset();
      String event = null;
      while (event == null) { // containers notice at a write, not always at the first
        var next = handlers.parked.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          next.complete("more");
        }
        event = handlers.events.poll();
      }
      assertThat(event).isEqualTo("failed StreamClosedException");
    }
  }

  @Test
  void keepsTheConnectionAfterAnEarlyAnswerWhoseBodyHasArrived() throws Exception {
    try (var client = server.connect()) {
      assertThat(client.post("/early", new byte[1000]).status()).isEqualTo(403);
      assertThat(client.get("/echo/next").text()).isEqualTo("GET /echo/next");
    }
  }

  @Test
  void closesTheConnectionAfterAnEarlyAnswerWhoseBodyHasNotArrived() throws Exception {
    try (var client = server.connect()) {
      client.send("POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(client.closed()).isTrue();
    }
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static String sizeAndChecksum(byte[] bytes) {
    var checksum = new CRC32();
    checksum.update(bytes);
    return bytes.length + " " + HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
