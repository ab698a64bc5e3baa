// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.Wire.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;

/** What WebSockets see of the end of their server. */
class ServerStopTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Server.Events events = new Server.Events();

  private class Handler extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      events.add(message);
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode());
    }
  }

  private static LoopFuture<Boolean> stop(Server server, Duration grace) throws Exception {
    return server.call(() -> server.server.stop(grace));
  }

  private static boolean outcome(LoopFuture<Boolean> stopped) throws Exception {
    return stopped.get(20, TimeUnit.SECONDS);
  }

  @Test
  void tellsClientsThatItGoesAwayAndWaitsForThem() throws Exception {
    try (var server = new Server(Handler::new);
        var first = server.connect();
        var second = server.connect()) {
      var stopped = stop(server, LONG);
      assertThat(first.frame()).isEqualTo("close 1001 ");
      assertThat(second.frame()).isEqualTo("close 1001 ");
      first.send(text("still delivered"));
      assertThat(events.next()).isEqualTo("still delivered");
      first.finishClose(1001);
      assertThat(events.next()).isEqualTo("closed 1001");
      server.call(() -> null);
      assertThat(stopped.isDone()).isFalse();
      second.finishClose(1001);
      assertThat(outcome(stopped)).isTrue();
      assertThat(events.next()).isEqualTo("closed 1001");
    }
  }

  @Test
  void cutsClientsThatDoNotCloseWithinTheGrace() throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      var grace = Duration.ofSeconds(1);
      var stopped = stop(server, grace);
      assertThat(client.frame()).isEqualTo("close 1001 ");
      server.pass(grace);
      assertThat(client.frame()).isEqualTo("end");
      assertThat(outcome(stopped)).isFalse();
      assertThat(events.next()).isEqualTo("closed null");
    }
  }

  @Test
  void doesNotWaitForWhatHasClosedBefore() throws Exception {
    try (var server = new Server(Handler::new);
        var left = server.connect();
        var lost = server.connect()) {
      left.send(Wire.close(1000));
      assertThat(events.next()).isEqualTo("closed 1000");
      lost.reset();
      assertThat(events.next()).isEqualTo("closed null");
      assertThat(outcome(stop(server, LONG))).isTrue();
    }
  }

  @Test
  void repeatsNothingToClientsThatAreAboutToClose() throws Exception {
    class Closing extends Handler {
      @Override
      protected void open() {
        close(4000);
      }
    }
    try (var server = new Server(Closing::new);
        var client = server.connect()) {
      assertThat(client.frame()).isEqualTo("close 4000 ");
      var stopped = stop(server, LONG);
      server.call(() -> null);
      client.finishClose(4000);
      assertThat(outcome(stopped)).isTrue();
    }
  }

  @Test
  void tellsClientsWhoseHandlerWaits() throws Exception {
    var release = new CompletableFuture<Void>();
    class Waiting extends Handler {
      @Override
      protected void open() {
        events.add("open");
        await(release);
        assertThatThrownBy(() -> await(writeMessage("too late")))
            .isInstanceOf(WebSocketClosedException.class);
        events.add("opened");
      }
    }
    try (var server = new Server(Waiting::new);
        var client = server.connect()) {
      assertThat(events.next()).isEqualTo("open");
      var stopped = stop(server, LONG);
      assertThat(client.frame()).isEqualTo("close 1001 ");
      release.complete(null);
      assertThat(events.next()).isEqualTo("opened");
      client.finishClose(1001);
      assertThat(outcome(stopped)).isTrue();
      assertThat(server.thrown()).isEmpty();
    }
  }

  @Test
  void tellsClientsThatComeWhileItStops() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Handler {
      @Override
      protected void prepare() {
        events.add("prepare");
        await(release);
      }
    }
    try (var server = new Server(Slow::new);
        var client = new RawWebSocket(server.port)) {
      client.send(Wire.utf8(RawWebSocket.REQUEST + "\r\n"));
      assertThat(events.next()).isEqualTo("prepare");
      var stopped = stop(server, LONG);
      release.complete(null);
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.frame()).isEqualTo("close 1001 ");
      server.call(() -> null);
      assertThat(stopped.isDone()).isFalse();
      client.finishClose(1001);
      assertThat(outcome(stopped)).isTrue();
    }
  }

  @Test
  void tellsClientsWhoseOnFinishWaits() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Handler {
      @Override
      protected void onFinish() {
        events.add("finish");
        await(release);
      }

      @Override
      protected void open() {
        events.add("open");
      }
    }
    try (var server = new Server(Slow::new);
        var client = server.connect()) {
      assertThat(events.next()).isEqualTo("finish");
      var stopped = stop(server, LONG);
      assertThat(client.frame()).isEqualTo("close 1001 ");
      server.call(() -> null);
      assertThat(stopped.isDone()).isFalse();
      release.complete(null);
      client.finishClose(1001);
      assertThat(outcome(stopped)).isTrue();
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("closed 1001");
    }
  }

  @Test
  void opensNothingThatWasClosedWhileOnFinishWaited() throws Exception {
    var release = new CompletableFuture<Void>();
    class Slow extends Handler {
      @Override
      protected void onFinish() {
        events.add("finish");
        await(release);
        events.add("finished");
      }

      @Override
      protected void open() {
        events.add("open");
      }
    }
    try (var server = new Server(Slow::new);
        var client = server.connect()) {
      assertThat(events.next()).isEqualTo("finish");
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      assertThat(client.frame()).isEqualTo("end");
      release.complete(null);
      assertThat(events.next()).isEqualTo("finished");
      server.turns(2); // what follows has run
      assertThat(events.isEmpty()).isTrue();
    }
  }

  @Test
  void closesAllConnections() throws Exception {
    try (var server = new Server(Handler::new);
        var client = server.connect()) {
      server.call(() -> server.server.closeAllConnections()).get(20, TimeUnit.SECONDS);
      assertThat(client.frame()).isEqualTo("end");
      assertThat(events.next()).isEqualTo("closed null");
    }
  }

  @Test
  void tellsTheClientsOfAllLoops() throws Exception {
    Set<IOLoop> used = ConcurrentHashMap.newKeySet();
    class Noting extends Handler {
      @Override
      protected void open() {
        used.add(IOLoop.current());
      }
    }
    try (var server = new Server(Noting::new)) {
      var application = new Application(Application.url("/ws", Noting::new));
      var several =
          server.call(
              () -> {
                var made = new HTTPServer(application);
                made.bind(0, "127.0.0.1");
                made.start(2);
                return made;
              });
      var clients = new ArrayList<RawWebSocket>();
      while (used.size() < 2) {
        clients.add(new RawWebSocket(several.port()).upgrade(""));
        clients.getLast().send(text("seen"));
        assertThat(events.next()).isEqualTo("seen");
        assertThat(clients).hasSizeLessThan(1000);
      }
      var stopped = server.call(() -> several.stop(LONG));
      for (var client : clients) {
        assertThat(client.frame()).isEqualTo("close 1001 ");
        client.finishClose(1001);
        client.close();
      }
      assertThat(outcome(stopped)).isTrue();
    }
  }
}
