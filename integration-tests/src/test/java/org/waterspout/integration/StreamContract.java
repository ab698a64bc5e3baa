// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;

/** Bodies piece by piece in both directions, each side held back by the other. */
interface StreamContract extends Contract {
  /** More than all buffers between a client and a handler together. */
  int MUCH = 16 << 20;

  /** What is sent at a time, and the send buffer of a client that is held back. */
  int PIECE = 64 << 10;

  /** How long a socket takes nothing until we believe that nobody reads. */
  int STALL_MILLIS = 300;

  @Test
  default void aPieceOfABodyArrivesBeforeTheNextIsSent() throws Exception {
    var id = "arrival-" + UUID.randomUUID();
    try (var client = connect()) {
      client.send("POST " + path("/arrivals") + "?id=" + id + " HTTP/1.1\r\nHost: x\r\n");
      client.send("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      if (offers(Capability.STREAMING_REQUEST_BODY)) {
        Contract.until(() -> observed(id), "3"::equals);
        client.send("2\r\nde\r\n0\r\n\r\n");
        assertThat(client.readUntil("all 5")).startsWith("HTTP/1.1 200");
      } else {
        assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 501");
      }
    }
    measured(Capability.STREAMING_REQUEST_BODY);
  }

  @Test
  default void aHandlerThatTakesNothingHoldsTheSenderBack() throws Exception {
    if (!offers(Capability.STREAMING_REQUEST_BODY)) {
      return; // refused, as the test above has seen
    }
    var id = "held-" + UUID.randomUUID();
    try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", deployment().port()));
        var selector = Selector.open()) {
      var target = path("/held") + "?id=" + id;
      var head = "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
      var length = "Content-Length: " + MUCH + "\r\n\r\n";
      channel.write(ByteBuffer.wrap((head + length).getBytes(StandardCharsets.ISO_8859_1)));
      channel.setOption(StandardSocketOptions.SO_SNDBUF, PIECE);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      int sent = sendUntilStalled(channel, selector);
      assertThat(sent).isLessThan(MUCH);
      Contract.until(() -> observed(id), "held"::equals);
      release("go on");
      channel.keyFor(selector).cancel();
      selector.selectNow();
      channel.configureBlocking(true);
      channel.socket().setSoTimeout(20_000);
      for (var rest = ByteBuffer.allocate(MUCH - sent); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      var answer =
          new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("all " + MUCH);
    }
  }

  private static int sendUntilStalled(SocketChannel channel, Selector selector) throws IOException {
    var bytes = ByteBuffer.allocate(MUCH);
    while (bytes.hasRemaining() && selector.select(STALL_MILLIS) > 0) {
      selector.selectedKeys().clear();
      channel.write(bytes);
    }
    return bytes.position();
  }

  @Test
  default void aStreamedPieceArrivesBeforeTheNextIsMade() throws Exception {
    try (var client = connect()) {
      client.send("GET " + path("/stream") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      if (offers(Capability.STREAMING_RESPONSE)) {
        assertThat(client.readUntil("first ")).contains("200");
        release("second");
        assertThat(client.readToEnd()).contains("second"); // in a chunk, or until the close
      } else {
        assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 501");
      }
    }
    measured(Capability.STREAMING_RESPONSE);
  }

  @Test
  default void aClientThatReadsNothingHoldsTheHandlerBack() throws Exception {
    if (!offers(Capability.STREAMING_RESPONSE)) {
      return; // refused, as the test above has seen
    }
    var id = "flood-" + UUID.randomUUID();
    try (var client = connect()) {
      var target = path("/flood") + "?id=" + id;
      client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      client.readUntil("\r\n\r\n");
      awaitStall(id);
      release("enough");
      var body = client.readToEnd();
      int pieces = Integer.parseInt(observed(id));
      assertThat(body.chars().filter(c -> c == 0).count()).isEqualTo((long) pieces * PIECE);
    }
  }

  /** Waits until the count that is noted stays the same for a while. */
  private void awaitStall(String id) throws Exception {
    var noted = Contract.until(() -> observed(id), text -> !text.isEmpty());
    long since = System.nanoTime();
    while (System.nanoTime() - since < STALL_MILLIS * 1_000_000L) {
      var now = observed(id);
      if (!now.equals(noted)) {
        assertThat(Integer.parseInt(now)).isLessThan(MUCH / PIECE);
        noted = now;
        since = System.nanoTime();
      }
    }
  }
}
