// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.Resolver;

/** What takes too long, and what nobody wants any more. */
class TimeoutAndCancelTest {
  private static final Duration SOON = Duration.ofMillis(50);

  private static HTTPRequest.Builder soon(String url) {
    return HTTPRequest.builder(url).requestTimeout(SOON);
  }

  private static void assertNothingOpen(ClientLoop client) throws Exception {
    ClientLoop.until(() -> client.call(() -> client.client.pool().isEmpty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour"
      })
  void endsRequestsThatTakeTooLong(String beginning) throws Exception {
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("first");
                  peer.head();
                  peer.say(beginning);
                  peer.awaitEnd();
                });
        var client = new ClientLoop()) {
      client.fetch(server.url("/")); // so that no time is needed to connect
      assertThat(client.failure(soon(server.url("/")).build()))
          .isInstanceOf(HTTPTimeoutError.class)
          .hasMessage("Timeout during request")
          .extracting(e -> ((HTTPClientError) e).code())
          .isEqualTo(599);
      assertNothingOpen(client);
    }
  }

  @Test
  void endsRequestsWhoseBodyNobodyTakes() throws Exception {
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("first");
                  peer.hold();
                });
        var client = new ClientLoop()) {
      client.fetch(server.url("/")); // so that no time is needed to connect
      var request =
          soon(server.url("/"))
              .method("POST")
              .bodyProducer(
                  body -> {
                    while (true) {
                      await(body.write("x".repeat(100_000)));
                    }
                  })
              .build();
      assertThat(client.failure(request)).hasMessage("Timeout during request");
      assertNothingOpen(client);
    }
  }

  @Test
  void endsTheWaitForAConnection() throws Exception {
    Resolver never = (host, port, family) -> new LoopFuture<>(IOLoop.current());
    try (var client = new ClientLoop(ClientOptions.builder().resolver(never).build())) {
      for (var request :
          new HTTPRequest[] {
            soon("http://h/").build(), HTTPRequest.builder("http://h/").connectTimeout(SOON).build()
          }) {
        assertThat(client.failure(request))
            .isInstanceOf(HTTPTimeoutError.class)
            .hasMessage("Timeout while connecting");
        assertNothingOpen(client);
      }
    }
  }

  @Test
  void endsTheWaitForTLS() throws Exception {
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd);
        var client = new ClientLoop()) {
      var url = silent.url("/").replace("http:", "https:");
      assertThat(client.failure(HTTPRequest.builder(url).connectTimeout(SOON).build()))
          .hasMessage("Timeout while connecting");
      assertNothingOpen(client);
    }
  }

  @Test
  void endsTheWaitInTheQueue() throws Exception {
    try (var silent = new ScriptedServer(ScriptedServer.Peer::awaitEnd);
        var client = new ClientLoop(ClientOptions.builder().maxClients(1).build())) {
      var first = client.start(HTTPRequest.builder(silent.url("/")).build());
      assertThat(client.failure(soon(silent.url("/")).build()))
          .isInstanceOf(HTTPTimeoutError.class)
          .hasMessage("Timeout in request queue");
      var impatient = HTTPRequest.builder(silent.url("/")).connectTimeout(SOON).build();
      assertThat(client.failure(impatient)).hasMessage("Timeout in request queue");
      first.cancel(true);
      assertNothingOpen(client);
    }
  }

  @Test
  void hasNoLimitWhereItIsZero() throws Exception {
    try (var server = ScriptedServer.answering("HTTP/1.1 204 X\r\n\r\n");
        var client = new ClientLoop()) {
      var request =
          HTTPRequest.builder(server.url("/"))
              .connectTimeout(Duration.ZERO)
              .requestTimeout(Duration.ZERO)
              .build();
      assertThat(client.fetch(request).code()).isEqualTo(204);
    }
  }

  @Test
  void givesUpWhatIsCancelledWhileItWaits() throws Exception {
    Resolver never = (host, port, family) -> new LoopFuture<>(IOLoop.current());
    var gone = new CountDownLatch(1);
    try (var silent =
            new ScriptedServer(
                peer -> {
                  peer.awaitEnd();
                  gone.countDown();
                });
        var connecting = new ClientLoop(ClientOptions.builder().resolver(never).build());
        var client = new ClientLoop(ClientOptions.builder().maxClients(1).build())) {
      connecting.start(HTTPRequest.builder("http://h/").build()).cancel(true);
      assertNothingOpen(connecting);
      var underWay = client.start(HTTPRequest.builder(silent.url("/")).build());
      var queued = client.start(HTTPRequest.builder(silent.url("/")).build());
      queued.cancel(true);
      ClientLoop.until(() -> silent.connections() == 1);
      underWay.cancel(true);
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      assertNothingOpen(client);
      assertThat(silent.connections()).isEqualTo(1);
    }
  }

  @Test
  void givesUpWhatIsCancelledDuringTLS() throws Exception {
    var gone = new CountDownLatch(1);
    var come = new CountDownLatch(1);
    try (var silent =
            new ScriptedServer(
                peer -> {
                  peer.bytes(1);
                  come.countDown();
                  peer.awaitEnd();
                  gone.countDown();
                });
        var client = new ClientLoop()) {
      var url = silent.url("/").replace("http:", "https:");
      var fetch = client.start(HTTPRequest.builder(url).build());
      assertThat(come.await(20, TimeUnit.SECONDS)).isTrue();
      fetch.cancel(true);
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      assertNothingOpen(client);
    }
  }

  @Test
  void givesUpWhatIsCancelledDuringAnAnswerWhoseReceiverIsParked() throws Exception {
    var gone = new CountDownLatch(1);
    var parked = new CountDownLatch(1);
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                  peer.awaitEnd();
                  gone.countDown();
                });
        var client = new ClientLoop()) {
      var release = new LoopFuture<Void>(client.loop);
      var fetch =
          client.start(
              HTTPRequest.builder(server.url("/"))
                  .streamingCallback(
                      chunk -> {
                        parked.countDown();
                        await(release);
                      })
                  .build());
      assertThat(parked.await(20, TimeUnit.SECONDS)).isTrue();
      fetch.cancel(true);
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      release.complete(null);
      assertNothingOpen(client);
    }
  }

  @Test
  void endsTheProducerOfABodyThatNobodyWants() throws Exception {
    var ended = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    try (var server = new ScriptedServer(ScriptedServer.Peer::awaitEnd);
        var client = new ClientLoop()) {
      var fetch =
          client.start(
              HTTPRequest.builder(server.url("/"))
                  .method("PUT")
                  .bodyProducer(
                      body -> {
                        try {
                          begun.countDown();
                          await(new LoopFuture<Void>(client.loop));
                        } finally {
                          ended.countDown();
                        }
                      })
                  .build());
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      fetch.cancel(true);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertNothingOpen(client);
    }
  }

  @Test
  void givesUpWhatIsCancelledBetweenRedirects() throws Exception {
    var fetch = new AtomicReference<LoopFuture<HTTPResponse>>();
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.say("HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 5\r\n\r\n");
                  ClientLoop.until(() -> fetch.get() != null);
                  fetch.get().cancel(true);
                  peer.awaitEnd();
                });
        var client = new ClientLoop()) {
      fetch.set(client.start(HTTPRequest.builder(server.url("/")).build()));
      assertNothingOpen(client);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void getsNothingFromAServerThatAcceptsNobody() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new ClientLoop()) {
      assertThat(client.failure(soon("http://127.0.0.1:" + full.getLocalPort() + "/").build()))
          .isInstanceOf(HTTPTimeoutError.class);
    }
  }
}
