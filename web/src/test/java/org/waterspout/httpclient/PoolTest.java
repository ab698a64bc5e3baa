// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;

/** Which connections are kept, and who has to wait. */
class PoolTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private static int open(ClientLoop client) throws Exception {
    return client.call(() -> client.client.pool().openCount());
  }

  private static int idle(ClientLoop client) throws Exception {
    return client.call(() -> client.client.pool().idleCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"
      })
  void keepsWhatHasEndedInOrder(String answer) throws Exception {
    try (var server = ScriptedServer.answering(answer);
        var client = new ClientLoop()) {
      for (int i = 0; i < 3; i++) {
        client.fetch(server.url("/"));
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(idle(client)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
      })
  void keepsNothingElse(String answer) throws Exception {
    try (var server = ScriptedServer.answering(answer);
        var client = new ClientLoop()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(client.fetch(server.url("/")).text()).isEqualTo("ok");
        ClientLoop.until(() -> open(client) == 0);
        assertThat(server.connections()).isEqualTo(i);
      }
    }
  }

  @Test
  void givesThePlaceBackOfWhatCannotBeSent() throws Exception {
    var options = ClientOptions.builder().maxClients(1).build();
    try (var server = ScriptedServer.answering(OK);
        var client = new ClientLoop(options)) {
      for (int i = 0; i < 3; i++) { // on a new connection, then on a kept one
        var request = HTTPRequest.builder(server.url("/")).header("Host", "a b").build();
        assertThat(client.failure(request)).hasMessageStartingWith("the request cannot be sent: ");
        assertThat(client.fetch(server.url("/")).text()).isEqualTo("ok");
      }
    }
  }

  @Test
  void takesTheLastUsedFirst() throws Exception {
    var numbers = new CopyOnWriteArrayList<Integer>();
    var both = new CountDownLatch(2);
    try (var server =
            new ScriptedServer(
                peer -> {
                  while (!peer.head().isEmpty()) {
                    numbers.add(peer.number);
                    both.countDown();
                    both.await(20, TimeUnit.SECONDS);
                    peer.answer("ok");
                  }
                });
        var client = new ClientLoop()) {
      client.call(
          () ->
              await(
                  multi(
                      client.client.fetch(server.url("/")), client.client.fetch(server.url("/")))));
      assertThat(idle(client)).isEqualTo(2);
      for (int i = 0; i < 5; i++) {
        client.fetch(server.url("/"));
      }
      assertThat(numbers.subList(2, 7).stream().distinct()).hasSize(1);
    }
  }

  @Test
  void sharesNoConnectionAmongDifferentWays() throws Exception {
    try (var server = ScriptedServer.answering(OK);
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      client.fetch(server.url("/"), request -> request.allowIPv6(false));
      client.fetch(
          server.url("/"), request -> request.networkInterface(InetAddress.ofLiteral("127.0.0.1")));
      client.fetch(server.url("/").replace("127.0.0.1", "localhost"), r -> r.allowIPv6(false));
      assertThat(server.connections()).isEqualTo(4);
    }
  }

  @Test
  void noticesThatTheServerHasClosedAnIdleConnection() throws Exception {
    var close = new CountDownLatch(1);
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("ok");
                  if (peer.number == 1) {
                    close.await(20, TimeUnit.SECONDS);
                  } else {
                    peer.awaitEnd();
                  }
                });
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      assertThat(open(client)).isEqualTo(1);
      close.countDown();
      ClientLoop.until(() -> open(client) == 0);
      assertThat(client.fetch(server.url("/"), r -> r.method("POST").body("x")).text())
          .isEqualTo("ok");
    }
  }

  /** Answers once, and ends the connection when the next request has come. */
  private static ScriptedServer closingOnTheSecond(List<String> heads, boolean reset)
      throws Exception {
    return new ScriptedServer(
        peer -> {
          heads.add(peer.head());
          peer.answer("ok");
          var second = peer.head();
          if (!second.isEmpty()) {
            heads.add(second);
            if (second.contains("Content-Length: 1")) {
              peer.bytes(1);
            }
            if (reset) {
              peer.reset();
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"GET, false", "GET, true", "PUT, false", "DELETE, true", "OPTIONS, false"})
  void repeatsWhatMayBeRepeatedIfAKeptConnectionEnds(String method, boolean reset)
      throws Exception {
    var heads = new CopyOnWriteArrayList<String>();
    try (var server = closingOnTheSecond(heads, reset);
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      var response =
          client.fetch(
              server.url("/again"),
              request -> request.method(method).body(method.equals("PUT") ? "x" : null));
      assertThat(response.text()).isEqualTo("ok");
      assertThat(server.connections()).isEqualTo(2);
      assertThat(heads).hasSize(3);
    }
  }

  @Test
  void repeatsNothingElse() throws Exception {
    var heads = new CopyOnWriteArrayList<String>();
    try (var server = closingOnTheSecond(heads, false);
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      var post = HTTPRequest.builder(server.url("/")).method("POST").body("x").build();
      assertThat(client.failure(post)).isInstanceOf(HTTPStreamClosedError.class);
      client.fetch(server.url("/"));
      var produced =
          HTTPRequest.builder(server.url("/"))
              .method("PUT")
              .header("Content-Length", "1")
              .bodyProducer(body -> body.write("x"))
              .build();
      assertThat(client.failure(produced)).isInstanceOf(HTTPStreamClosedError.class);
      assertThat(server.connections()).isEqualTo(2);
      assertThat(heads).hasSize(4);
    }
  }

  @Test
  void repeatsNothingOnceAnAnswerHasBegun() throws Exception {
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("ok");
                  if (!peer.head().isEmpty()) {
                    peer.say("H");
                  }
                });
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      assertThat(client.failure(server.url("/"))).isInstanceOf(HTTPStreamClosedError.class);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void repeatsOnlyOnce() throws Exception {
    var requests = new AtomicInteger();
    try (var server =
            new ScriptedServer(
                peer -> {
                  if (!peer.head().isEmpty() && requests.incrementAndGet() == 1) {
                    peer.answer("ok");
                    if (!peer.head().isEmpty()) {
                      requests.incrementAndGet();
                    }
                  }
                });
        var client = new ClientLoop()) {
      client.fetch(server.url("/"));
      assertThat(client.failure(server.url("/"))).isInstanceOf(HTTPStreamClosedError.class);
      assertThat(requests.get()).isEqualTo(3);
    }
  }

  @Test
  void closesWhatIsIdleForTooLong() throws Exception {
    var options = ClientOptions.builder().idleTimeout(Duration.ofMillis(20)).build();
    try (var server = ScriptedServer.answering(OK);
        var client = new ClientLoop(options)) {
      client.fetch(server.url("/"));
      ClientLoop.until(() -> open(client) == 0);
      client.fetch(server.url("/"));
      ClientLoop.until(() -> open(client) == 0);
    }
  }

  @Test
  void keepsNoMoreThanItIsTold() throws Exception {
    var options = ClientOptions.builder().maxIdle(1).build();
    var both = new CountDownLatch(2);
    try (var server =
            new ScriptedServer(
                peer -> {
                  while (!peer.head().isEmpty()) {
                    both.countDown();
                    both.await(20, TimeUnit.SECONDS);
                    peer.answer("ok");
                  }
                });
        var client = new ClientLoop(options)) {
      client.call(
          () ->
              await(
                  multi(
                      client.client.fetch(server.url("/")), client.client.fetch(server.url("/")))));
      assertThat(open(client)).isEqualTo(1);
    }
    var heads = new CopyOnWriteArrayList<String>();
    try (var server =
            new ScriptedServer(
                peer -> {
                  heads.add(peer.head());
                  peer.answer("ok");
                  peer.awaitEnd();
                });
        var client = new ClientLoop(ClientOptions.builder().maxIdle(0).build())) {
      client.fetch(server.url("/"));
      assertThat(open(client)).isZero();
      assertThat(heads.getFirst()).contains("Connection: close\r\n");
    }
  }

  @Test
  void anIdleConnectionGivesWayToANewOne() throws Exception {
    try (var one = ScriptedServer.answering(OK);
        var other = ScriptedServer.answering(OK);
        var client = new ClientLoop(ClientOptions.builder().maxClients(1).build())) {
      for (int i = 1; i <= 3; i++) {
        client.fetch(one.url("/"));
        client.fetch(other.url("/"));
        assertThat(open(client)).isEqualTo(1);
        assertThat(one.connections()).isEqualTo(i);
      }
    }
  }

  /** Answers when it is released, and counts who is there at once. */
  private static final class Counting implements ScriptedServer.Script {
    final AtomicInteger now = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final List<String> order = new CopyOnWriteArrayList<>();

    @Override
    public void run(ScriptedServer.Peer peer) throws Exception {
      for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
        order.add(head.split(" ", 3)[1]);
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        Thread.yield();
        now.decrementAndGet();
        peer.answer("ok");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 100, 3", "100, 2, 2", "1, 1, 1"})
  void hasNoMoreRequestsUnderWayThanItMay(int clients, int perHost, int most) throws Exception {
    var counting = new Counting();
    var options = ClientOptions.builder().maxClients(clients).maxPerHost(perHost).build();
    try (var server = new ScriptedServer(counting);
        var client = new ClientLoop(options)) {
      client.call(
          () -> {
            var fetches = new ArrayList<LoopFuture<HTTPResponse>>();
            for (int i = 0; i < 50; i++) {
              fetches.add(client.client.fetch(server.url("/" + i)));
            }
            return await(multi(fetches)).size();
          });
      assertThat(counting.most.get()).isLessThanOrEqualTo(most);
      assertThat(server.connections()).isLessThanOrEqualTo(most);
      assertThat(counting.order).hasSize(50);
      if (most == 1) {
        for (int i = 0; i < 50; i++) {
          assertThat(counting.order.get(i)).isEqualTo("/" + i);
        }
      }
    }
  }

  @Test
  void aBusyHostDoesNotHoldUpOthers() throws Exception {
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd);
        var server = ScriptedServer.answering(OK);
        var client = new ClientLoop(ClientOptions.builder().maxClients(2).maxPerHost(1).build())) {
      client.call(
          () -> {
            var one = client.client.fetch(silent.url("/"));
            var two = client.client.fetch(silent.url("/"));
            for (int i = 0; i < 3; i++) {
              assertThat(await(client.client.fetch(server.url("/"))).text()).isEqualTo("ok");
            }
            assertThat(one.isDone() || two.isDone()).isFalse();
            one.cancel(true);
            two.cancel(true);
            return 0;
          });
    }
  }

  @Test
  void refusesMoreThanTheQueueHolds() throws Exception {
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd);
        var client = new ClientLoop(ClientOptions.builder().maxClients(1).maxQueue(1).build())) {
      var underWay = client.start(HTTPRequest.builder(silent.url("/")).build());
      var queued = client.start(HTTPRequest.builder(silent.url("/")).build());
      assertThat(client.failure(silent.url("/").replace("127.0.0.1", "localhost")))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("queue is full");
      underWay.cancel(true);
      queued.cancel(true);
    }
  }

  @Test
  void letsGoOfWhatWaitsWhenItIsClosed() throws Exception {
    var fetches = new ArrayList<LoopFuture<HTTPResponse>>();
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd)) {
      try (var client = new ClientLoop(ClientOptions.builder().maxClients(1).build())) {
        for (int i = 0; i < 5; i++) {
          fetches.add(client.start(HTTPRequest.builder(silent.url("/")).build()));
        }
      }
      for (var fetch : fetches) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> ClientLoop.get(fetch))
            .withMessageContaining("the client was closed");
      }
    }
  }
}
