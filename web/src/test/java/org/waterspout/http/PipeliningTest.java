// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the answers to requests that come in one piece leave. */
class PipeliningTest {
  private final LinkedBlockingQueue<TestRequest> held = new LinkedBlockingQueue<>();

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String gets(int count) {
    return IntStream.range(0, count).mapToObj(i -> get("/" + i)).collect(Collectors.joining());
  }

  /** Answers at once, but for /held. */
  private void answer(TestRequest request) {
    if (request.target().equals("/held")) {
      held.add(request);
    } else {
      request.reply(200, request.target());
    }
  }

  private TestRequest nextHeld() throws InterruptedException {
    var request = held.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  @Test
  void answersToOneReadLeaveInOneWrite() throws Exception {
    List<Integer> arrivedBefore = new CopyOnWriteArrayList<>();
    var asked = new CountDownLatch(16);
    try (var channel = SocketChannel.open();
        var server =
            new TestServer(
                request -> {
                  // a write to the loopback interface can be read at once
                  arrivedBefore.add(channel.read(ByteBuffer.allocate(1)));
                  request.reply(200, request.target());
                  asked.countDown();
                })) {
      channel.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()));
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(gets(16).getBytes(StandardCharsets.ISO_8859_1)));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      channel.configureBlocking(true);
      try (var client = new RawClient(channel.socket())) {
        for (int i = 0; i < 16; i++) {
          assertThat(client.read().text()).isEqualTo("/" + i);
        }
      }
    }
    assertThat(arrivedBefore).hasSize(16).containsOnly(0);
  }

  @Test
  void answersLeaveWhileALaterOneIsAwaited() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(get("/1") + get("/2") + get("/held") + get("/4"));
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      var request = nextHeld();
      server.call(() -> request.reply(200, "late"));
      assertThat(client.read().text()).isEqualTo("late");
      assertThat(client.read().text()).isEqualTo("/4");
    }
  }

  @Test
  void piecesOfAnAnswerLeaveThoughAnotherRequestWaits() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(get("/1") + get("/held") + get("/3"));
      assertThat(client.read().text()).isEqualTo("/1");
      var request = nextHeld();
      for (String piece : List.of("one", "two")) {
        server.call(piece.equals("one") ? request::begin : () -> 0);
        server.call(() -> request.write(piece));
        if (piece.equals("one")) {
          assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
          while (!client.line().isEmpty()) {
            // the headers
          }
        }
        assertThat(client.line()).isEqualTo("3");
        assertThat(client.line()).isEqualTo(piece);
      }
      server.call(() -> request.connection.finish());
      assertThat(client.chunks()).isEmpty();
      assertThat(client.read().text()).isEqualTo("/3");
    }
  }

  @Test
  void answersLeaveWhenTheNextHeadIsNotWhole() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(get("/1") + get("/2") + "GET /3 HT");
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      client.send("TP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("/3");
    }
  }

  @Test
  void answersLeaveWhenTheNextBodyIsNotWhole() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1");
      assertThat(client.read().text()).isEqualTo("/1");
      client.send("2");
      assertThat(client.read().text()).isEqualTo("/2");
    }
  }

  @Test
  void answersStandBeforeTheRefusalOfWhatIsBehindThem() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(get("/1") + get("/2") + "nonsense\r\n\r\n");
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void answersLeaveBeforeTheLastOfTheConnection() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send(
          get("/1") + "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/3"));
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void answersLeaveBeforeAnAnswerIsCut() throws Exception {
    try (var server =
            new TestServer(
                request -> {
                  if (request.target().equals("/cut")) {
                    request.connection.abort();
                  } else {
                    answer(request);
                  }
                });
        var client = server.connect()) {
      client.send(get("/1") + get("/2") + get("/cut") + get("/4"));
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      client.expectCut();
    }
  }

  @Test
  void answersLeaveThoughTheClientHasEndedItsOutputBehindARequestThatIsHeld() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      server.call( // on the loop, which so finds all of it at once
          () -> {
            client.send(get("/1") + get("/2") + get("/held")).endOutput();
            return 0;
          });
      assertThat(client.read().text()).isEqualTo("/1");
      assertThat(client.read().text()).isEqualTo("/2");
      assertThat(nextHeld().target()).isEqualTo("/held");
    }
  }

  @Test
  void moreThanTheBoundLeavesInOrder() throws Exception {
    String large = "x".repeat(10_000);
    String huge = "y".repeat(1_000_000);
    try (var server =
            new TestServer(
                request -> request.reply(200, request.target().equals("/9") ? huge : large));
        var client = server.connect()) {
      client.send(gets(20));
      for (int i = 0; i < 20; i++) {
        assertThat(client.read().text()).isEqualTo(i == 9 ? huge : large);
      }
    }
  }
}
