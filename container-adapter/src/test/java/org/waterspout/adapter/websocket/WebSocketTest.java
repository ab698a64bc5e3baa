// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.adapter.websocket.RawWebSocket.FIN;
import static org.waterspout.adapter.websocket.RawWebSocket.frame;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.web.Application.url;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.adapter.AdapterOptions;
import org.waterspout.adapter.Mode;
import org.waterspout.adapter.ServletFilterAdapter;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;
import org.waterspout.web.HTTPError;
import org.waterspout.websocket.WebSocketHandler;

/** WebSocketHandler in containers: what it can everywhere. */
@Timeout(60)
class WebSocketTest {
  private final Events events = new Events();

  /** Tells what it is called, and answers all messages. */
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
    protected void onPong(byte[] data) {
      events.add("pong " + HexFormat.of().formatHex(data));
    }

    @Override
    protected void onClose() {
      events.add("closed " + closeCode() + " " + closeReason());
    }
  }

  private Containers.Running start(Containers kind, Supplier<WebSocketHandler> handler)
      throws Exception {
    return kind.start(new Application(url("/ws", handler)));
  }

  @ParameterizedTest
  @EnumSource
  void echoesTextsAndBinaryMessages(Containers kind) throws Exception {
    String longer = "ä€😀".repeat(30_000);
    try (var container = start(kind, Echo::new);
        var client = container.connect().opened("/ws")) {
      for (String text : List.of("hello", "", "ä€😀", longer)) {
        client.text(text);
        assertThat(client.frame()).isEqualTo("text " + text);
      }
      byte[] bytes = new byte[100_000];
      bytes[99_999] = 7;
      for (byte[] message : List.of(new byte[] {1, 2, 3}, new byte[0], bytes)) {
        client.send(frame(FIN | RawWebSocket.BINARY, message));
        assertThat(client.frame()).isEqualTo("binary " + HexFormat.of().formatHex(message));
      }
      assertThat(events.next()).isEqualTo("open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void talksToOurOwnClient(Containers kind) throws Exception {
    try (var container = start(kind, Echo::new);
        var loop = new IOLoop()) {
      loop.runSync(
          Duration.ofSeconds(20),
          () -> {
            var socket = await(websocketConnect("ws://127.0.0.1:" + container.port() + "/ws"));
            await(socket.writeMessage("hello"));
            assertThat(await(socket.readMessage()).text()).isEqualTo("hello");
            await(socket.writeMessage(new byte[] {1, 2}));
            assertThat(await(socket.readMessage()).bytes()).containsExactly(1, 2);
            socket.close(4002, "done");
            assertThat(await(socket.readMessage())).isNull();
            return null;
          });
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("closed 4002 done");
    }
  }

  @ParameterizedTest
  @EnumSource
  void decidesWithoutHaste(Containers kind) throws Exception {
    class Careful extends Echo {
      @Override
      protected void prepare() throws Exception {
        await(blocking(() -> "asked somebody"));
        setHeader("X-Decided", "yes");
        setCookie("seen", "1");
      }

      @Override
      protected @Nullable String selectSubprotocol(List<String> offered) {
        return await(blocking(offered::getLast));
      }

      @Override
      protected void open() {
        await(blocking(() -> "asked somebody"));
        await(writeMessage("you speak " + selectedSubprotocol()));
      }
    }
    try (var container = start(kind, Careful::new);
        var client = container.connect()) {
      String head = client.open("/ws", "Sec-WebSocket-Protocol: a, b, c");

      assertThat(head)
          .contains("\r\nX-Decided: yes\r\n")
          .containsOnlyOnce("\r\nServer: ")
          .containsIgnoringCase("\r\nSec-WebSocket-Protocol: c\r\n")
          .containsIgnoringCase("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .containsPattern("\r\nSet-Cookie: seen=1;.*\r\n")
          .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
      assertThat(client.frame()).isEqualTo("text you speak c");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JETTY", "TOMCAT", "UNDERTOW"})
  void opensInSyncModeToo(Containers kind) throws Exception {
    class Careful extends Echo {
      @Override
      protected void prepare() throws Exception {
        await(blocking(() -> "asked somebody"));
        if (!getArgument("gone", "").isEmpty()) {
          throw new HTTPError(410);
        }
      }
    }
    var application = new Application(url("/ws", Careful::new));
    var sync = AdapterOptions.defaults().withMode(Mode.SYNC);
    try (var container = kind.start(application, sync, true);
        var client = container.connect()) {
      assertThat(answer(client, RawWebSocket.handshake("/ws?gone=1"))).contains(" 410 ");
      client.open("/ws");
      assertThat(client.text("hello").frame()).isEqualTo("text hello");
      client.send(RawWebSocket.close(4002, ""));
      assertThat(client.frame()).startsWith("close 4002");
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("closed 4002 ");
    }
  }

  /** Whose mapping need not name async dispatches. */
  @Test
  void opensInAFilterToo() throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    var filter = new FilterHolder(new ServletFilterAdapter(new Application(url("/ws", Echo::new))));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    server.setHandler(context);
    server.start();
    try (var client = new RawWebSocket(connector.getLocalPort())) {
      client.open("/ws");
      assertThat(client.text("hello").frame()).isEqualTo("text hello");
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  void compressesNothingThoughTheClientOffersTo(Containers kind) throws Exception {
    try (var container = start(kind, Echo::new);
        var client = container.connect()) {
      String head = client.open("/ws", "Sec-WebSocket-Extensions: permessage-deflate");

      assertThat(head)
          .doesNotContainIgnoringCase("Sec-WebSocket-Extensions")
          .doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
      assertThat(client.text("plain").frame()).isEqualTo("text plain");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesByAnOrdinaryAnswer(Containers kind) throws Exception {
    class Closed extends Echo {
      @Override
      protected void prepare() throws Exception {
        if (!getArgument("gone", "").isEmpty()) {
          await(blocking(() -> "asked somebody"));
          throw new HTTPError(410);
        }
      }
    }
    try (var container = start(kind, Closed::new);
        var client = container.connect()) {
      assertThat(answer(client, RawWebSocket.handshake("/ws?gone=1"))).contains(" 410 ");
      assertThat(answer(client, RawWebSocket.handshake("/ws", "Origin: http://evil.example")))
          .contains(" 403 ");
      String old = RawWebSocket.handshake("/ws").replace("Version: 13", "Version: 8");
      assertThat(answer(client, old))
          .contains(" 426 ")
          .containsIgnoringCase("\r\nSec-WebSocket-Version: 13\r\n");
      client.open("/ws", "Origin: http://localhost"); // the connection is as good as ever
      assertThat(client.text("at last").frame()).isEqualTo("text at last");
      try (var other = container.connect()) { // which some containers end behind a 400
        assertThat(answer(other, "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 400 ");
      }
    }
  }

  private static String answer(RawWebSocket client, String request) throws Exception {
    client.send(request.getBytes(UTF_8));
    String head = client.head();
    client.body(head);
    return head;
  }

  @ParameterizedTest
  @EnumSource
  void deliversWhatCameRightBehindTheHandshake(Containers kind) throws Exception {
    try (var container = start(kind, Echo::new);
        var client = container.connect()) {
      client.send(
          RawWebSocket.handshake("/ws").getBytes(UTF_8),
          frame(FIN | RawWebSocket.TEXT, "one".getBytes(UTF_8)),
          frame(FIN | RawWebSocket.TEXT, "two".getBytes(UTF_8)));

      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      assertThat(client.frame()).isEqualTo("text one");
      assertThat(client.frame()).isEqualTo("text two");
    }
  }

  @ParameterizedTest
  @EnumSource
  void joinsFragmentsBetweenWhichPingsCome(Containers kind) throws Exception {
    try (var container = start(kind, Echo::new);
        var client = container.connect().opened("/ws")) {
      byte[] text = "ä€😀".getBytes(UTF_8);
      for (int cut = 0; cut <= text.length; cut++) {
        byte[] head = Arrays.copyOf(text, cut);
        byte[] tail = Arrays.copyOfRange(text, cut, text.length);
        client.send(
            frame(RawWebSocket.TEXT, head),
            frame(FIN | RawWebSocket.PING, new byte[] {(byte) cut}),
            frame(FIN, tail));
        assertThat(client.frame()).isEqualTo("pong 0" + cut);
        assertThat(client.frame()).isEqualTo("text ä€😀");
      }
      client.send(frame(RawWebSocket.BINARY, new byte[] {1}));
      client.send(frame(0, new byte[0]), frame(0, new byte[] {2}), frame(FIN, new byte[] {3}));
      assertThat(client.frame()).isEqualTo("binary 010203");
    }
  }

  @ParameterizedTest
  @EnumSource
  void callsOneAfterTheOther(Containers kind) throws Exception {
    class Slow extends Echo {
      private boolean busy;

      @Override
      protected void onMessage(String message) {
        assertThat(busy).isFalse();
        busy = true;
        await(blocking(() -> "asked somebody"));
        busy = false;
        await(writeMessage(message));
      }
    }
    try (var container = start(kind, Slow::new);
        var client = container.connect().opened("/ws")) {
      for (int i = 0; i < 100; i++) {
        client.text("message " + i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.frame()).isEqualTo("text message " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsFromAnyThreadInItsOrder(Containers kind) throws Exception {
    class Broadcast extends Echo {
      @Override
      protected void onMessage(String message) {
        var last =
            await(
                blocking(
                    () -> {
                      for (int i = 0; i < 199; i++) {
                        writeMessage(message + i);
                      }
                      return writeMessage(message + 199);
                    }));
        await(last); // else those of the loop's thread might come first
        for (int i = 200; i < 400; i++) {
          writeMessage(message + i);
        }
        close();
      }
    }
    try (var container = start(kind, Broadcast::new);
        var client = container.connect().opened("/ws")) {
      client.text("m");
      for (int i = 0; i < 400; i++) {
        assertThat(client.frame()).isEqualTo("text m" + i);
      }
      assertThat(client.frame()).isEqualTo(kind.lendsItsConnection() ? "close" : "close 1000");
    }
  }

  @ParameterizedTest
  @EnumSource
  void pingsAndSeesPongs(Containers kind) throws Exception {
    class Pinging extends Echo {
      @Override
      protected void onMessage(String message) {
        await(ping(new byte[] {1, 2}));
      }
    }
    try (var container = start(kind, Pinging::new);
        var client = container.connect().opened("/ws")) {
      client.text("now");
      assertThat(client.frame()).isEqualTo("ping 0102");
      client.send(frame(FIN | RawWebSocket.PONG, new byte[] {1, 2}));
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("pong 0102");
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesAClientThatAnswersNoPing(Containers kind) throws Exception {
    class Watchful extends Echo {
      @Override
      protected Duration pingInterval() {
        return Duration.ofMillis(100);
      }

      @Override
      protected Duration pingTimeout() {
        return Duration.ofMillis(100);
      }
    }
    try (var container = start(kind, Watchful::new);
        var client = container.connect().opened("/ws")) {
      assertThat(client.frame()).isEqualTo("ping");
      assertThat(client.lastFrame()).isEqualTo("close 1000 ping timed out");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsHowTheClientHasClosed(Containers kind) throws Exception {
    try (var container = start(kind, Echo::new)) {
      try (var client = container.connect().opened("/ws")) {
        client.send(RawWebSocket.close(4002, "enough ä"));
        assertThat(client.frame()).startsWith("close 4002");
        assertThat(client.frame()).isEqualTo("end");
        assertThat(events.next()).isEqualTo("open");
        assertThat(events.next()).isEqualTo("closed 4002 enough ä");
      }
      try (var client = container.connect().opened("/ws")) {
        client.send(frame(FIN | RawWebSocket.CLOSE, new byte[0]));
        assertThat(client.lastFrame()).startsWith("close");
        assertThat(events.next()).isEqualTo("open");
        assertThat(events.next()).isIn("closed 1005 ", "closed 1000 ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesWithACodeBehindItsMessages(Containers kind) throws Exception {
    class Leaving extends Echo {
      @Override
      protected void onMessage(String message) {
        writeMessage("a");
        writeMessage("b".repeat(100_000));
        close(Integer.parseInt(message), "as you wish");
        close(4999, "too late");
      }
    }
    try (var container = start(kind, Leaving::new)) {
      for (int code : new int[] {1000, 1001, 1008, 1011, 3000, 4001}) {
        try (var client = container.connect().opened("/ws")) {
          client.text(Integer.toString(code));
          assertThat(client.frame()).isEqualTo("text a");
          assertThat(client.frame()).hasSize(100_005);
          assertThat(client.frame()).isEqualTo("close " + code + " as you wish");
          client.send(RawWebSocket.close(code, ""));
          assertThat(client.frame()).isEqualTo("end");
          assertThat(events.next()).isEqualTo("open");
          assertThat(events.next()).isIn("closed " + code + " ", "closed " + code + " as you wish");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesWith1011WhenAHandlerFails(Containers kind) throws Exception {
    class Failing extends Echo {
      @Override
      protected void onMessage(String message) {
        throw new IllegalStateException("as the test wants it");
      }

      @Override
      public void logException(Throwable thrown) {
        events.add("logged " + thrown.getMessage());
      }
    }
    try (var container = start(kind, Failing::new);
        var client = container.connect().opened("/ws")) {
      client.text("now");
      assertThat(client.frame()).isEqualTo("close 1011");
      client.send(RawWebSocket.close(1011, ""));
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("logged as the test wants it");
      assertThat(events.next()).startsWith("closed 1011");
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesWithGoingAwayWhenTheWebApplicationStops(Containers kind) throws Exception {
    class Waiting extends Echo {
      @Override
      protected void onMessage(String message) throws Exception {
        events.add("waits");
        try {
          await(new LoopFuture<Void>());
        } finally {
          events.add("given up");
        }
      }
    }
    RawWebSocket client;
    try (var container = start(kind, Waiting::new)) {
      client = container.connect().opened("/ws");
      client.text("wait");
      assertThat(events.next()).isEqualTo("open");
      assertThat(events.next()).isEqualTo("waits");
    }
    try (client) {
      assertThat(client.frame()).isIn("close 1001", "end");
      assertThat(List.of(events.next(), events.next()))
          .anyMatch(event -> event.startsWith("closed "))
          .contains("given up");
    }
  }
}
