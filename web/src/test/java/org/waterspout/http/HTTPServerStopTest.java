// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/** Ends of a server that do no harm. */
class HTTPServerStopTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final LinkedBlockingQueue<TestRequest> held = new LinkedBlockingQueue<>();

  /** Answers at once, but for what begins with /held. */
  private void answer(TestRequest request) {
    if (request.target().startsWith("/held")) {
      held.add(request);
    } else {
      request.reply(200, "at once");
    }
  }

  private TestRequest nextHeld() throws InterruptedException {
    var request = held.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  private static LoopFuture<Boolean> stop(TestServer server, Duration grace) throws Exception {
    return server.call(() -> server.server.stop(grace));
  }

  private static boolean outcome(CompletableFuture<Boolean> stopped) throws Exception {
    return stopped.get(20, TimeUnit.SECONDS);
  }

  @Test
  void closesIdleConnectionsAtOnce() throws Exception {
    try (var server = new TestServer(this::answer);
        var used = server.connect();
        var fresh = server.connect()) {
      assertThat(used.get("/").status()).isEqualTo(200);
      assertThat(used.get("/").headers()).doesNotContainKey("Connection");
      server.awaitConnections(2);
      var stopped = stop(server, LONG);
      assertThat(used.rest()).isEmpty();
      assertThat(fresh.rest()).isEmpty();
      assertThat(outcome(stopped)).isTrue();
    }
  }

  @Test
  void answersWhatIsUnderWayAndThatIsTheLast() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = nextHeld();
      var stopped = stop(server, LONG);
      server.call(() -> request.reply(200, "whole"));
      var answer = client.read();
      assertThat(answer.text()).isEqualTo("whole");
      assertThat(answer.headers()).containsEntry("Connection", "close");
      client.expectCut();
      client.close(); // it has sent what is not read
      assertThat(outcome(stopped)).isTrue();
      assertThat(held).isEmpty();
    }
  }

  @Test
  void endsAnAnswerThatHasBegunWithItsConnection() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = nextHeld();
      server.call(request::begin);
      var stopped = stop(server, LONG);
      server.call(() -> request.write("late"));
      server.call(() -> request.connection.finish());
      assertThat(client.read().text()).isEqualTo("late");
      assertThat(client.rest()).isEmpty();
      assertThat(outcome(stopped)).isTrue();
    }
  }

  @Test
  void servesARequestWhoseHeadHasBegun() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo"); // arrive as one
      assertThat(client.read().status()).isEqualTo(200);
      server.awaitReceived(45); // all of it
      var stopped = stop(server, LONG);
      assertThat(client.send("st: a\r\n\r\n").read().headers())
          .containsEntry("Connection", "close");
      assertThat(client.rest()).isEmpty();
      assertThat(outcome(stopped)).isTrue();
    }
  }

  @Test
  void closesWhatIsNotDoneInTime() throws Exception {
    try (var server = new TestServer(this::answer);
        var client = server.connect()) {
      client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      var request = nextHeld();
      var stopped = stop(server, Duration.ofMillis(50));
      assertThat(outcome(stopped)).isFalse();
      request.closed.get(20, TimeUnit.SECONDS);
      client.expectCut();
    }
  }

  @Test
  void leavesDetachedStreamsToTheirOwners() throws Exception {
    var detached = new CompletableFuture<IOStream>();
    TestRequest.Answer detaching =
        request -> {
          detached.complete(request.connection.detach());
          assertThatIllegalStateException().isThrownBy(request.connection::detach);
        };
    try (var server = new TestServer(detaching);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      var stream = detached.get(20, TimeUnit.SECONDS);
      assertThat(outcome(stop(server, LONG))).isTrue();
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      server.call(() -> stream.write(TestRequest.bytes("mine\r\n")));
      assertThat(client.line()).isEqualTo("mine");
    }
  }

  @Test
  void looksAfterTenantsOfDetachedStreams() throws Exception {
    var events = new LinkedBlockingQueue<String>();
    var ended = new CompletableFuture<Runnable>();
    TestRequest.Answer keeping =
        request -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> request.connection.keep(new Noting(events)))
              .withMessageContaining("not been detached");
          var _ = request.connection.detach();
          ended.complete(request.connection.keep(new Noting(events)));
        };
    try (var server = new TestServer(keeping);
        var client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      var end = ended.get(20, TimeUnit.SECONDS);
      var stopped = stop(server, LONG);
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("goAway");
      var closed = server.call(() -> server.server.closeAllConnections());
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("close");
      server.turns(3);
      assertThat(stopped.isDone() || closed.isDone()).isFalse();
      server.loop.addCallback(end);
      closed.get(20, TimeUnit.SECONDS);
      assertThat(outcome(stopped)).isTrue();
      server.loop.addCallback(end); // does nothing
      server.turns(1);
    }
  }

  private record Noting(LinkedBlockingQueue<String> events) implements Tenant {
    @Override
    public void goAway() {
      events.add("goAway");
    }

    @Override
    public void close() {
      events.add("close");
    }
  }

  @Test
  void takesNoNewConnections() throws Exception {
    try (var server = new TestServer(this::answer)) {
      int port = server.server.port();
      assertThat(outcome(stop(server, LONG))).isTrue();
      assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawClient(port));
    }
  }

  @Test
  void belongsOnTheLoop() throws Exception {
    try (var server = new TestServer(this::answer)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> server.server.stop(LONG))
          .withMessageContaining("addCallback");
    }
  }
}
