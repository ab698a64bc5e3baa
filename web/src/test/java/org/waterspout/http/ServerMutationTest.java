// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketHandler;

/**
 * A whole server, application and WebSocket included, against requests with a few bytes changed:
 * each gets a status or the end of its connection in time, and nothing is left behind.
 */
class ServerMutationTest {
  private static final int CLIENTS = 50; // at once
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final String SPICE =
      "\r\n :;,=&\t01259afxHTP/.*%#\"\u0000\u007f\u0081\u0088\u00c1\u00fe\u00ffchunked--";

  private static final String FORM =
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
          + "--b\r\nContent-Disposition: form-data; name=f; filename=\"d\"\r\n"
          + "Content-Type: text/plain\r\n\r\ntwo\r\n--b--\r\n";

  private static final List<String> GOOD =
      List.of(
          "GET /form?a=b&c=%20 HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=\"d\"\r\n\r\n"
              + "HEAD /form HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\n\r\n",
          "GET /form HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /form HTTP/1.0\r\n\r\n",
          post("application/x-www-form-urlencoded", "Content-Length: 13", "a=b&c=%C3%A4&d"),
          post("multipart/form-data; boundary=b", "Content-Length: " + FORM.length(), FORM),
          post("multipart/form-data; boundary=\"b\"", "Transfer-Encoding: chunked", chunks(FORM)),
          post(
              "text/plain\r\nContent-Encoding: gzip",
              "Transfer-Encoding: chunked",
              chunks(gzip(FORM))),
          "PUT /form HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
          "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
              + "GET http://b:1/form HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\n",
          webSocket("") + frames(false),
          webSocket("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
              + frames(true));

  private static String post(String type, String framing, String body) {
    String head = "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: ";
    return head + type + "\r\n" + framing + "\r\n\r\n" + body;
  }

  private static String chunks(String body) {
    var chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i += 30) {
      String piece = body.substring(i, Math.min(body.length(), i + 30));
      chunks.append(Integer.toHexString(piece.length())).append(";x=\"y\"\r\n");
      chunks.append(piece).append("\r\n");
    }
    return chunks + "0\r\nT: u\r\n\r\n";
  }

  private static String gzip(String text) {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toString(StandardCharsets.ISO_8859_1);
  }

  private static String webSocket(String fields) {
    return "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + fields
        + "\r\n";
  }

  private static String frames(boolean compressed) {
    byte[] text = "hello, hello, hello".repeat(20).getBytes(StandardCharsets.ISO_8859_1);
    return frame(compressed ? 0xc1 : 0x81, compressed ? deflated(text) : text)
        + frame(0x02, new byte[200])
        + frame(0x89, new byte[] {1, 2})
        + frame(0x80, new byte[] {3})
        + frame(0x88, new byte[] {3, (byte) 0xe8, 'x'});
  }

  private static String frame(int flags, byte[] payload) {
    var frame = ByteBuffer.allocate(8 + payload.length).put((byte) flags);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(0); // the mask
    frame.put(payload);
    return new String(frame.array(), 0, frame.position(), StandardCharsets.ISO_8859_1);
  }

  /** RFC 7692 section 7.2.1. */
  private static byte[] deflated(byte[] text) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(text);
    byte[] out = new byte[1000];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH) - 4;
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  // The server.

  private static final class FormHandler extends RequestHandler {
    @Override
    protected void get() {
      write(
          Map.of("arguments", request().arguments().size(), "cookies", request().cookies().size()));
    }

    @Override
    protected void post() {
      write(
          Map.of("arguments", request().bodyArguments().size(), "files", request().files().size()));
    }

    @Override
    protected void put() {
      write(request().body());
    }
  }

  private final AtomicInteger opened = new AtomicInteger(); // WebSockets
  private final AtomicInteger closed = new AtomicInteger();
  private final Semaphore connectionsClosed = new Semaphore(0);

  private final class Echo extends WebSocketHandler {
    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT;
    }

    @Override
    protected void open() {
      opened.incrementAndGet();
    }

    @Override
    protected void onMessage(String message) {
      writeMessage(message);
    }

    @Override
    protected void onMessage(byte[] message) {
      writeMessage(message);
    }

    @Override
    protected void onClose() {
      closed.incrementAndGet();
    }
  }

  private final Application application =
      new Application(
          Application.settings().websocketPingInterval(SHORT).build(),
          url("/form", FormHandler::new),
          url("/ws", Echo::new));

  private final HTTPServerConnectionDelegate counting =
      new HTTPServerConnectionDelegate() {
        @Override
        public HTTPMessageDelegate startRequest(Object server, HTTPConnection connection) {
          return application.startRequest(server, connection);
        }

        @Override
        public void onClose(Object server) {
          application.onClose(server);
          connectionsClosed.release();
        }
      };

  private static HTTPServerOptions options() {
    return HTTPServerOptions.builder()
        .headerTimeout(SHORT)
        .idleTimeout(SHORT)
        .stallTimeout(SHORT)
        .lingerTimeout(SHORT)
        .maxHeaderSize(2000)
        .maxBodySize(5000)
        .xheaders(true)
        .decompressRequest(true)
        .build();
  }

  @Test
  void everyRequestGetsAStatusOrTheEnd() throws Exception {
    try (var server = TestServer.withoutTime(counting, options());
        var log = new SevereLog()) {
      Soak.run(
          6455,
          6,
          (random, round) -> {
            talk(server, random, log);
          });
      for (int i = 0; closed.get() < opened.get(); i++) {
        assertThat(i).as("intervals until all WebSockets are closed").isLessThan(10_000);
        server.pass(SHORT);
      }
      assertThat(opened).as("not all of them are broken").hasPositiveValue();
    }
  }

  /** Many clients at once, of whom some end their output and the others wait for the server. */
  private void talk(TestServer server, Random random, SevereLog log) throws Exception {
    var mutator = new Mutator(random, SPICE);
    List<RawClient> clients = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String good = GOOD.get(random.nextInt(GOOD.size()));
      byte[] wire = mutator.mutated(good);
      var client = server.connect();
      clients.add(client);
      sent.add(new String(wire, StandardCharsets.ISO_8859_1));
      send(client, random.nextInt(4) == 0 ? mutator.pieces(wire, 20) : List.of(wire));
      if (random.nextBoolean()
          || good.startsWith("GET /ws")) { // a close frame is waited for longer
        client.endOutputIfOpen();
      }
    }
    var passing = new AtomicBoolean(true);
    try (var clock = Executors.newSingleThreadExecutor()) {
      var passed = clock.submit(() -> pass(server, passing));
      try {
        readAnswers(clients, sent, log);
      } finally {
        passing.set(false);
      }
      passed.get(20, TimeUnit.SECONDS);
    }
    try (var good = server.connect()) {
      assertThat(good.get("/form?x=y").text()).contains("\"arguments\":1");
    }
    assertThat(connectionsClosed.tryAcquire(CLIENTS + 1, 20, TimeUnit.SECONDS))
        .as("no connection is left open")
        .isTrue();
    assertThat(log.entries()).isEmpty();
  }

  /** Time passes only when all has been sent, so that nobody is too late. */
  private static @Nullable Void pass(TestServer server, AtomicBoolean passing) throws Exception {
    while (passing.get()) {
      server.pass(SHORT.dividedBy(8));
    }
    return null;
  }

  private static void readAnswers(List<RawClient> clients, List<String> sent, SevereLog log)
      throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      String answers = clients.get(i).restBeforeCut(); // within 20 s, or it throws
      assertThat(answers.isEmpty() || answers.startsWith("HTTP/1.1 ")).as(sent.get(i)).isTrue();
      assertThat(log.entries()).as(sent.get(i)).isEmpty();
      assertThat(answers).as(sent.get(i)).doesNotContain("HTTP/1.1 500");
      clients.get(i).close();
    }
  }

  private static void send(RawClient client, List<byte[]> pieces) {
    for (byte[] piece : pieces) {
      client.sendIfOpen(piece);
    }
  }
}
