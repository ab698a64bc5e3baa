// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.adapter.websocket.RawWebSocket.FIN;
import static org.waterspout.adapter.websocket.RawWebSocket.frame;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.web.Application;
import org.waterspout.websocket.WebSocketClosedException;
import org.waterspout.websocket.WebSocketHandler;

/** What clients do to WebSocketHandlers in containers. */
@Timeout(120)
class WebSocketFaultTest {
  private static final int LIMIT = 100_000; // of messages, in bytes

  private final Events events = new Events();

  class Echo extends WebSocketHandler {
    @Override
    protected void open() throws Exception {
      events.add("open");
    }

    @Override
    protected void onMessage(String message) throws Exception {
      await(writeMessage(message));
    }

    @Override
    protected void onMessage(byte[] message) throws Exception {
      await(writeMessage(message));
    }

    @Override
    protected int maxMessageSize() {
      return LIMIT;
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode());
    }
  }

  private Containers.Running start(Containers kind, Supplier<WebSocketHandler> handler)
      throws Exception {
    return kind.start(
        new Application(
            settings().websocketMaxQueueSize(1_000_000).cancelOnDisconnect(true).build(),
            url("/ws", handler)));
  }

  @ParameterizedTest
  @EnumSource
  void refusesMessagesOverTheLimit(Containers kind) throws Exception {
    byte[] most = new byte[LIMIT];
    byte[] half = new byte[LIMIT / 2 + 1];
    byte[] euros = "€".repeat(LIMIT / 3 + 1).getBytes(UTF_8);
    List<byte[][]> tooBig =
        List.of(
            new byte[][] {frame(FIN | RawWebSocket.BINARY, new byte[LIMIT + 1])},
            new byte[][] {frame(FIN | RawWebSocket.TEXT, euros)},
            new byte[][] {frame(RawWebSocket.BINARY, half), frame(FIN, half)});
    try (var container = start(kind, Echo::new)) {
      for (byte[][] message : tooBig) {
        try (var client = container.connect().opened("/ws")) {
          client.send(frame(FIN | RawWebSocket.BINARY, most));
          assertThat(client.frame()).hasSize("binary ".length() + 2 * LIMIT);
          client.send(message);
          assertThat(client.lastFrame())
              .isEqualTo("close 1009 a message of more than " + LIMIT + " bytes");
          client.send(RawWebSocket.close(1009, ""));
          client.socket.shutdownOutput(); // who reads no further than the limit waits for that
          assertThat(client.frame()).isEqualTo("end");
          assertThat(events.next()).isEqualTo("open");
          assertThat(events.next()).startsWith("closed ");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoWebSocket(Containers kind) throws Exception {
    byte[] unmasked = {(byte) 0x81, 1, 'a'};
    byte[] reserved = frame(FIN | 0x40 | RawWebSocket.TEXT, new byte[] {'a'});
    byte[] notUTF8 = frame(FIN | RawWebSocket.TEXT, new byte[] {(byte) 0xff});
    try (var container = start(kind, Echo::new)) {
      for (byte[] wrong : List.of(unmasked, reserved, notUTF8)) {
        try (var client = container.connect().opened("/ws")) {
          client.send(wrong);
          assertThat(client.lastFrame())
              .matches(last -> last.startsWith("close 100") || last.equals("end"));
        }
        assertThat(events.next()).isEqualTo("open");
        assertThat(events.next()).startsWith("closed ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOnceThatAClientIsGone(Containers kind) throws Exception {
    byte[] whole = frame(FIN | RawWebSocket.TEXT, "never delivered".getBytes(UTF_8));
    List<Callable<byte[]>> beginnings =
        List.of(
            () -> new byte[0],
            () -> Arrays.copyOf(whole, 1),
            () -> Arrays.copyOf(whole, whole.length - 1),
            () -> frame(RawWebSocket.TEXT, new byte[] {'a'}));
    try (var container = start(kind, Echo::new)) {
      for (var beginning : beginnings) {
        for (boolean reset : new boolean[] {true, false}) {
          var client = container.connect().opened("/ws");
          client.text("there");
          assertThat(client.frame()).isEqualTo("text there");
          client.send(beginning.call());
          if (reset) {
            client.reset();
          } else {
            client.close();
          }
          assertThat(events.next()).isEqualTo("open");
          assertThat(events.next()).isEqualTo("closed null");
        }
      }
      assertThat(events.isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesNoFasterThanItsClient(Containers kind) throws Exception {
    int count = 400;
    var written = new AtomicInteger();
    class Pouring extends Echo {
      @Override
      protected void onMessage(String message) {
        for (int i = 0; i < count; i++) {
          byte[] piece = new byte[50_000];
          piece[0] = (byte) i;
          await(writeMessage(piece));
          written.incrementAndGet();
        }
        events.add("all written");
      }
    }
    try (var container = start(kind, Pouring::new);
        var client = new RawWebSocket(container.port(), 16 * 1024).opened("/ws")) {
      client.text("pour");
      awaitStandstill(written);
      assertThat(written.get()).isLessThan(count);
      for (int i = 0; i < count; i++) {
        assertThat(client.frame())
            .hasSize("binary ".length() + 100_000)
            .startsWith("binary %02x0000".formatted(i & 0xff));
      }
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("all written");
    }
  }

  @ParameterizedTest
  @EnumSource
  void cutsAClientThatTakesNothing(Containers kind) throws Exception {
    class Heedless extends Echo {
      @Override
      protected void onMessage(String message) throws Exception {
        try {
          while (true) {
            var sent = writeMessage(new byte[50_000]);
            if (sent.isCompletedExceptionally()) {
              await(sent);
            }
          }
        } catch (WebSocketClosedException e) {
          events.add("cut");
        }
      }
    }
    try (var container = start(kind, Heedless::new);
        var client = new RawWebSocket(container.port(), 16 * 1024).opened("/ws")) {
      client.text("pour");
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("cut");
      assertThat(events.next()).isEqualTo("closed null");
      assertThat(client.lastFrame()).isIn("end", "close 1002"); // Tomcat says that much
    }
  }

  @ParameterizedTest
  @EnumSource
  void cutsAClientThatStallsForLong(Containers kind) throws Exception {
    class Patient extends Echo {
      @Override
      protected void onMessage(String message) {
        while (true) {
          await(writeMessage(new byte[10_000]));
        }
      }
    }
    var options = AdapterOptions.defaults().withStallTimeout(Duration.ofSeconds(1));
    try (var container = kind.start(new Application(url("/ws", Patient::new)), options, true);
        var client = new RawWebSocket(container.port(), 16 * 1024).opened("/ws")) {
      client.text("pour");
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("closed null");
    }
  }

  @ParameterizedTest
  @EnumSource
  void holdsBackAClientThatOutrunsItsHandler(Containers kind) throws Exception {
    int count = 2_000;
    var go = new CompletableFuture<Void>();
    class Busy extends Echo {
      private int next;

      @Override
      protected void onMessage(byte[] message) {
        await(go);
        assertThat(message[0]).isEqualTo((byte) next++);
        if (next == count) {
          events.add("all handled");
        }
      }
    }
    var sent = new AtomicInteger();
    try (var container = start(kind, Busy::new);
        var client = container.connect().opened("/ws");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sending =
          threads.submit(
              () -> {
                byte[] message = new byte[16 * 1024];
                for (int i = 0; i < count; i++) {
                  message[0] = (byte) i;
                  client.send(frame(FIN | RawWebSocket.BINARY, message));
                  sent.incrementAndGet();
                }
                return null;
              });
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(count);
      go.complete(null);
      sending.get(60, TimeUnit.SECONDS);
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("all handled");
    }
  }

  /** Until it has not changed for a while; too soon does no harm. */
  private static void awaitStandstill(AtomicInteger number) throws InterruptedException {
    int before = -1;
    while (number.get() == 0 || number.get() != before) {
      before = number.get();
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelsWhatAwaitsForAClientThatIsGone(Containers kind) throws Exception {
    class Waiting extends Echo {
      @Override
      protected void onMessage(String message) {
        events.add("waits");
        try {
          await(new CompletableFuture<Void>());
        } finally {
          events.add("given up");
        }
      }
    }
    try (var container = start(kind, Waiting::new)) {
      var client = container.connect().opened("/ws");
      client.text("wait");
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("waits");
      client.reset();
      assertThat(events.next()).isEqualTo("closed null");
      assertThat(events.next()).isEqualTo("given up");
    }
  }

  @ParameterizedTest
  @EnumSource
  void survivesClientsThatLeaveBeforeTheAnswer(Containers kind) throws Exception {
    var go = new CompletableFuture<Void>();
    class Hesitant extends Echo {
      @Override
      protected void prepare() {
        events.add("asked");
        await(go);
      }
    }
    try (var container = start(kind, Hesitant::new)) {
      for (int i = 0; i < 20; i++) {
        var client = container.connect();
        client.send(RawWebSocket.handshake("/ws").getBytes(UTF_8));
        assertThat(events.next()).isEqualTo("asked");
        if (i % 2 == 0) {
          client.reset();
        } else {
          client.close();
        }
      }
      go.complete(null);
      try (var client = container.connect().opened("/ws")) {
        assertThat(client.text("still there").frame()).isEqualTo("text still there");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void mixesNobodyUp(Containers kind) throws Exception {
    int clients = 200;
    try (var container = start(kind, Echo::new);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int id = i;
        tasks.add(() -> talk(container.port(), id));
      }
      int wrong = 0;
      for (var result : threads.invokeAll(tasks, 100, TimeUnit.SECONDS)) {
        wrong += result.get();
      }
      assertThat(wrong).isZero();
    }
  }

  /** Messages of this client's own, some of them left without an answer. */
  private static int talk(int port, int id) throws IOException {
    var random = new Random(id);
    int wrong = 0;
    for (int connection = 0; connection < 3; connection++) {
      try (var client = new RawWebSocket(port).opened("/ws")) {
        for (int i = 0; i < 10; i++) {
          String text = (id + " " + connection + " " + i + " ").repeat(1 + random.nextInt(500));
          client.text(text);
          wrong += client.frame().equals("text " + text) ? 0 : 1;
        }
        client.text("left alone");
        if (random.nextBoolean()) {
          client.reset();
        }
      }
    }
    return wrong;
  }
}
