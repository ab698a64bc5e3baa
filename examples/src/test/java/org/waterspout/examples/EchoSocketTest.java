// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The echo by WebSocket. */
@Timeout(60)
final class EchoSocketTest {
  private static final int LARGEST = 64 << 20;
  private static final String HANDSHAKE =
      "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final HttpClient jdk = HttpClient.newHttpClient();
  private Serving serving;

  @BeforeEach
  void serve() throws Exception {
    serving = new Serving(EchoServer::application);
  }

  @AfterEach
  void stop() throws Exception {
    jdk.shutdownNow();
    serving.close();
  }

  /** The JDK's client; whole messages, and the code of the end. */
  private final class Client implements WebSocket.Listener {
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final WebSocket socket;

    Client() throws Exception {
      var uri = URI.create("ws://127.0.0.1:" + serving.port + "/ws");
      socket =
          jdk.newWebSocketBuilder()
              .header("Origin", "https://elsewhere.example")
              .buildAsync(uri, this)
              .get(20, TimeUnit.SECONDS);
    }

    Object hear() throws InterruptedException {
      return received.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      binary.writeBytes(piece);
      if (last) {
        received.add(binary.toByteArray());
        binary.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      received.add(code);
      return null;
    }
  }

  @Test
  void sendsBackTextsAndBinaryMessages() throws Exception {
    var client = new Client();
    client.socket.sendText("", true).get(20, TimeUnit.SECONDS);
    assertThat(client.hear()).isEqualTo("");
    client.socket.sendText("gr\u00fc\u00df", false).get(20, TimeUnit.SECONDS);
    client.socket.sendText(" dich \ud83c\udf00", true).get(20, TimeUnit.SECONDS);
    assertThat(client.hear()).isEqualTo("gr\u00fc\u00df dich \ud83c\udf00");
    for (int i = 0; i < 3; i++) {
      var piece = ByteBuffer.wrap(new byte[] {(byte) i, -1});
      client.socket.sendBinary(piece, i == 2).get(20, TimeUnit.SECONDS);
    }
    assertThat(client.hear()).isEqualTo(new byte[] {0, -1, 1, -1, 2, -1});
    client.socket.sendClose(4321, "enough").get(20, TimeUnit.SECONDS);
    assertThat(client.hear()).isEqualTo(4321);
  }

  @Test
  void sendsBackTheLargestMessages() throws Exception {
    var client = new Client();
    byte[] bytes = new byte[LARGEST];
    new Random(1).nextBytes(bytes);
    client.socket.sendBinary(ByteBuffer.wrap(bytes), true).get(30, TimeUnit.SECONDS);
    assertThat(Arrays.equals((byte[]) client.hear(), bytes)).isTrue();
    var text = "\u20ac".repeat(LARGEST / 3) + "x".repeat(LARGEST % 3);
    client.socket.sendText(text, true).get(30, TimeUnit.SECONDS);
    assertThat(text.equals(client.hear())).isTrue();
  }

  @Test
  void closesWith1009WhatIsOneByteLonger() throws Exception {
    try (var client = serving.connect()) {
      client.send(HANDSHAKE + "\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      client.send(frameHead(0x82, LARGEST + 1));
      assertThat(client.bytes(1)).containsExactly(0x88);
      int length = client.bytes(1)[0];
      assertThat(ByteBuffer.wrap(client.bytes(length)).getShort()).isEqualTo((short) 1009);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void sendsBackFragmentsOfACompressedMessageCompressed() throws Exception {
    try (var client = serving.connect()) {
      client.send(HANDSHAKE + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
      assertThat(client.head()).contains("Sec-WebSocket-Extensions: permessage-deflate\r\n");
      byte[] message = "over and over ".repeat(10_000).getBytes("US-ASCII");
      byte[] deflated = deflated(message);
      int third = deflated.length / 3;
      client.send(frame(0x41, Arrays.copyOfRange(deflated, 0, third)));
      client.send(frame(0x89, "ping".getBytes("US-ASCII")));
      client.send(frame(0x00, Arrays.copyOfRange(deflated, third, 2 * third)));
      client.send(frame(0x80, Arrays.copyOfRange(deflated, 2 * third, deflated.length)));
      assertThat(client.exactly(6)).isEqualTo("\u008a\u0004ping");
      assertThat(client.bytes(1)).containsExactly(0xc1);
      int length = client.bytes(1)[0];
      length = length == 126 ? ByteBuffer.wrap(client.bytes(2)).getShort() : length;
      assertThat(length).isLessThan(message.length / 20);
      assertThat(inflated(client.bytes(length), message.length)).isEqualTo(message);
    }
  }

  @Test
  void isOnlyAWebSocketThere() throws Exception {
    try (var client = serving.connect()) {
      client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 400 ");
    }
  }

  /** Many clients that leave in the middle of it leave nothing behind. */
  @Test
  void survivesClientsThatVanish() throws Exception {
    for (int i = 0; i < 50; i++) {
      try (var client = serving.connect()) {
        client.send(HANDSHAKE + "\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        client.send(frame(0x82, new byte[1 << 20]));
        client.send(frameHead(0x82, 1000));
      }
    }
    var client = new Client();
    client.socket.sendText("still there", true).get(20, TimeUnit.SECONDS);
    assertThat(client.hear()).isEqualTo("still there");
  }

  /** With a mask of zeros, so that the payload is itself. */
  private static byte[] frame(int first, byte[] payload) {
    byte[] head = frameHead(first, payload.length);
    return ByteBuffer.allocate(head.length + payload.length).put(head).put(payload).array();
  }

  private static byte[] frameHead(int first, int length) {
    var head = ByteBuffer.allocate(14).put((byte) first);
    if (length < 126) {
      head.put((byte) (0x80 | length));
    } else {
      head.put((byte) 0xff).putLong(length);
      if (length <= 0xffff) {
        head.position(1).put((byte) 0xfe).putShort((short) length);
      }
    }
    head.putInt(0);
    return Arrays.copyOf(head.array(), head.position());
  }

  private static byte[] deflated(byte[] message) {
    try (var deflater = new Deflater(6, true)) {
      deflater.setInput(message);
      byte[] out = new byte[message.length + 100];
      int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, size - 4); // RFC 7692 section 7.2.1
    }
  }

  private static byte[] inflated(byte[] payload, int size) throws Exception {
    try (var inflater = new Inflater(true)) {
      byte[] whole = Arrays.copyOf(payload, payload.length + 4);
      whole[whole.length - 2] = -1;
      whole[whole.length - 1] = -1;
      inflater.setInput(whole);
      byte[] out = new byte[size + 1];
      return Arrays.copyOf(out, inflater.inflate(out));
    }
  }
}
