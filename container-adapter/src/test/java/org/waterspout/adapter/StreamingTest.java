// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.web.Application;

@ParameterizedClass
@CsvSource({
  "JETTY, ASYNC",
  "JETTY, SYNC",
  "TOMCAT, ASYNC",
  "TOMCAT, SYNC",
  "UNDERTOW, ASYNC",
  "UNDERTOW, SYNC"
})
class StreamingTest {
  @Parameter(0)
  private Container.Kind kind;

  @Parameter(1)
  private Mode mode;

  private static final int MEBIBYTE = 1 << 20;

  private final TestHandlers handlers = new TestHandlers();
  private Container container;

  @BeforeEach
  void start() throws Exception {
    container = kind.of(adapter(handlers.application())).start();
  }

  @AfterEach
  void stop() throws Exception {
    container.close();
  }

  @Test
  void receivesALargeUploadPieceByPiece() throws Exception {
    byte[] body = randomBytes(20 * MEBIBYTE);
    try (var client = container.connect()) {
      assertThat(client.post("/upload", body).text()).isEqualTo(sizeAndChecksum(body));
      assertThat(client.get("/echo/next").status()).isEqualTo(200);
    }
  }

  @Test
  void echoesBodiesOfSizesAroundTheBuffersOnOneConnection() throws Exception {
    try (var client = container.connect()) {
      for (int power = 11; power <= 16; power++) {
        for (int size = (1 << power) - 1; size <= (1 << power) + 1; size++) {
          byte[] body = randomBytes(size);
          var answer = client.post("/echo", body);
          assertThat(answer.header("Content-Length")).containsExactly(String.valueOf(size));
          assertThat(answer.body()).isEqualTo(body);
        }
      }
    }
  }

  @Test
  void receivesABodyThatComesInPartsWithPauses() throws Exception {
    byte[] body = randomBytes(20_000);
    for (int first : new int[] {0, 1, 8_000, 16_384, 19_999}) {
      try (var client = container.connect()) {
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n");
        client.send(Arrays.copyOf(body, first));
        assertThat(container.connect().get("/echo/between").status()).isEqualTo(200);
        client.send(Arrays.copyOfRange(body, first, body.length));
        assertThat(client.answer().body()).isEqualTo(body);
        assertThat(client.get("/echo/next").status()).isEqualTo(200);
      }
    }
  }

  /** As an EventSource would see it whose container compresses. */
  @Test
  void sendsEachPieceThroughTheContainersCompression() throws Exception {
    try (var compressing = kind.of(adapter(handlers.application())).withCompression().start();
        var http = HttpClient.newHttpClient()) {
      var coming =
          http.sendAsync(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + compressing.port() + "/stream"))
                  .header("Accept-Encoding", "gzip")
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("one");
      var response = coming.get(20, TimeUnit.SECONDS);
      assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
      try (var body = new GZIPInputStream(response.body())) {
        assertThat(new String(body.readNBytes(3), UTF_8)).isEqualTo("one");
        handlers.parked.poll(20, TimeUnit.SECONDS).complete("two");
        assertThat(new String(body.readNBytes(3), UTF_8)).isEqualTo("two");
        handlers.parked.poll(20, TimeUnit.SECONDS).complete("");
        assertThat(body.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void deliversTrailers() throws Exception {
    var seam = new Seam();
    try (var trailing = kind.of(adapter(seam.application())).start();
        var client = trailing.connect()) {
      String head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
      assertThat(seam.event()).isEqualTo("start");
      client.send(head + "3\r\nabc\r\n0\r\nX-Sum: 1 2\r\nHost: b\r\n\r\n");
      assertThat(seam.event()).isEqualTo("headers");
      assertThat(seam.event()).isEqualTo("data");
      if (kind != Container.Kind.TOMCAT) { // drops what its connector does not name
        assertThat(seam.event()).isEqualToIgnoringCase("trailers [X-Sum=1 2]");
      }
      assertThat(seam.event()).isEqualTo("finish");
    }
  }

  @Test
  void sendsTrailers() throws Exception {
    try (var client = container.connect()) {
      client.send("GET /trailers HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("body");
      assertThat(client.chunk()).isEmpty();
      assertThat(client.trailers()).containsExactly("X-Sum: 1");
      assertThat(client.get("/echo/next").status()).isEqualTo(200);
    }
  }

  @Test
  void holdsTheSenderBackWhileThePieceIsBeingReceived() throws Exception {
    byte[] body = randomBytes(20 * MEBIBYTE);
    try (var selector = Selector.open();
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", container.port()))) {
      String head = "POST /slow-upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
      var message = ByteBuffer.allocate(body.length + 200);
      message.put((head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
      message.put(body).flip();
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

  @Test
  void sendsALargeAnswerPieceByPiece() throws Exception {
    try (var client = new Client(container.port(), 16 * 1024)) {
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
    try (var client = new Client(container.port(), 16 * 1024)) {
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
    try (var client = container.connect()) {
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
    try (var client = container.connect()) {
      client.send("GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
      client.head();
      assertThat(new String(client.chunk(), UTF_8)).isEqualTo("half");
      Assertions.assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
    }
  }

  @Test
  void tellsAStreamingHandlerThatItsClientIsGone() throws Exception {
    try (var client = container.connect()) {
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
    try (var client = container.connect()) {
      assertThat(client.post("/early", new byte[1000]).status()).isEqualTo(403);
      assertThat(client.get("/echo/next").text()).isEqualTo("GET /echo/next");
    }
  }

  @Test
  void closesTheConnectionAfterAnEarlyAnswerOrWaitsForTheRestOfTheBody() throws Exception {
    try (var client = container.connect()) {
      client.send("POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
      assertThat(client.answer().status()).isEqualTo(403);
      if (kind == Container.Kind.JETTY) {
        assertThat(client.closed()).isTrue();
      } else {
        client.send(new byte[1_000_000 - 3]);
        assertThat(client.get("/echo/next").text()).isEqualTo("GET /echo/next");
      }
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

  private ServletAdapter adapter(Application application) {
    return new ServletAdapter(application, AdapterOptions.defaults().withMode(mode));
  }
}
