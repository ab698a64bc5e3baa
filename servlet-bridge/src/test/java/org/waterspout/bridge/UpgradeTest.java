// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.testing.FakeClock;

/** Servlet 6.1 section 2.3.3.5: a connection leaves HTTP. */
class UpgradeTest {
  private static final String HEAD =
      " /up/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n";

  /** What a handler does. */
  interface Protocol {
    void begin(WebConnection connection) throws Exception;
  }

  /** A handler whose protocol the servlet sets. */
  public static final class Handler implements HttpUpgradeHandler {
    private Protocol protocol;
    private Told told;

    @Override
    public void init(WebConnection connection) {
      try {
        protocol.begin(connection);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void destroy() {
      told.add("destroyed");
    }
  }

  private final Told told = new Told();

  private ServletContainer.Builder upgrading(Protocol protocol) {
    return ServletContainer.builder()
        .servlet(
            "s",
            Code.servlet(
                (request, response) -> {
                  response.setHeader("X-Own", "header");
                  Handler handler = request.upgrade(Handler.class);
                  handler.protocol = protocol;
                  handler.told = told;
                  response.getWriter().print("dropped");
                }),
            "/*");
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String read(InputStream in, int count) throws IOException {
    return new String(in.readNBytes(count), US_ASCII);
  }

  /** Reads up to the empty line. */
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void deliversWhatCameBehindTheRequest(String method) throws Exception {
    Protocol echo =
        connection -> {
          byte[] bytes = new byte[10];
          int count;
          while ((count = connection.getInputStream().read(bytes, 2, 5)) >= 0) {
            assertThat(bytes[0]).isZero();
            connection.getOutputStream().write(bytes, 2, count);
          }
          connection.getOutputStream().print("end");
          connection.close();
        };
    try (var server = new BridgeServer(mount("/up", upgrading(echo).build()));
        Socket socket = server.connect()) {
      boolean body = method.equals("POST");
      String rest = body ? "Content-Length: 4\r\n\r\nbody" : "\r\n";
      send(socket, method + HEAD + rest + "came with it,");
      InputStream in = socket.getInputStream();
      String head = head(in);
      assertThat(head).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
      assertThat(head).contains("X-Own: header\r\n", "Upgrade: test\r\n", "Connection: Upgrade");
      assertThat(head).doesNotContain("Content-Length");
      assertThat(read(in, 13)).isEqualTo("came with it,");
      send(socket, "later");
      assertThat(read(in, 5)).isEqualTo("later");
      socket.shutdownOutput();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("end");
      assertThat(told.next()).isEqualTo("destroyed");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void callsListenersOneAtATimeAndDestroysOnce() throws Exception {
    var loader = new ClassLoader(getClass().getClassLoader()) {};
    Protocol protocol =
        connection -> {
          var in = connection.getInputStream();
          var out = connection.getOutputStream();
          Thread thread = Thread.currentThread();
          told.add(thread.isVirtual() + " " + (thread.getContextClassLoader() == loader));
          in.setReadListener(
              new ReadListener() {
                @Override
                public void onDataAvailable() throws IOException {
                  var text = new StringBuilder();
                  byte[] bytes = new byte[100];
                  int count;
                  while (in.isReady() && (count = in.read(bytes)) != -1) {
                    text.append(new String(bytes, 0, count, US_ASCII));
                  }
                  out.println("got " + text);
                  out.flush();
                }

                @Override
                public void onAllDataRead() throws IOException {
                  told.add("all");
                  out.println("bye");
                  out.close();
                }

                @Override
                public void onError(Throwable failure) {
                  told.add("error");
                }
              });
          out.println("welcome");
        };
    var container = upgrading(protocol).classLoader(loader).build();
    try (var server = new BridgeServer(mount("/up", container));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      InputStream in = socket.getInputStream();
      head(in);
      assertThat(told.next()).isEqualTo("true true");
      assertThat(read(in, 9)).isEqualTo("welcome\r\n");
      send(socket, "one");
      assertThat(read(in, 9)).isEqualTo("got one\r\n");
      send(socket, "two");
      assertThat(read(in, 9)).isEqualTo("got two\r\n");
      socket.shutdownOutput();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("bye\r\n");
      assertThat(told.next()).isEqualTo("all");
      assertThat(told.next()).isEqualTo("destroyed");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void writesWithoutWaiting() throws Exception {
    int size = 4 << 20;
    Protocol protocol =
        connection -> {
          var out = connection.getOutputStream();
          out.setWriteListener(
              new WriteListener() {
                private int left = 64;

                @Override
                public void onWritePossible() throws IOException {
                  while (left > 0 && out.isReady()) {
                    out.write(new byte[size / 64]);
                    left--;
                  }
                  if (left == 0) {
                    left--;
                    out.close();
                  }
                }

                @Override
                public void onError(Throwable failure) {
                  told.add("error");
                }
              });
        };
    try (var server = new BridgeServer(mount("/up", upgrading(protocol).build()))) {
      try (Socket socket = server.connect(1 << 17)) {
        send(socket, "GET" + HEAD + "\r\n");
        InputStream in = socket.getInputStream();
        head(in);
        assertThat(in.readAllBytes()).hasSize(size);
        assertThat(told).as("the client may still send").isEmpty();
      }
      assertThat(told.next()).isEqualTo("destroyed");
    }
  }

  @Test
  void tellsListenersThatTheClientIsGoneThenDestroys() throws Exception {
    var ready = new CompletableFuture<Void>();
    Protocol protocol =
        connection -> {
          var in = connection.getInputStream();
          in.setReadListener(
              new ReadListener() {
                @Override
                public void onDataAvailable() {}

                @Override
                public void onAllDataRead() {
                  told.add("all");
                }

                @Override
                public void onError(Throwable failure) {
                  told.add("error " + (failure instanceof IOException));
                }
              });
          ready.complete(null);
        };
    try (var server = new BridgeServer(mount("/up", upgrading(protocol).build()))) {
      try (Socket socket = server.connect()) {
        send(socket, "GET" + HEAD + "\r\n");
        head(socket.getInputStream());
        ready.get(20, TimeUnit.SECONDS);
        socket.setSoLinger(true, 0); // a reset
      }
      assertThat(told.next()).isEqualTo("error true");
      assertThat(told.next()).isEqualTo("destroyed");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void closesTheConnectionOfAHandlerThatFails() throws Exception {
    Protocol protocol =
        connection -> {
          throw new IllegalStateException("thrown");
        };
    try (var server = new BridgeServer(mount("/up", upgrading(protocol).build()));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      InputStream in = socket.getInputStream();
      head(in);
      assertThat(in.read()).isNegative();
      assertThat(told.next()).isEqualTo("destroyed");
    }
  }

  @Test
  void closesAConnectionOfWhichOneSideHasEndedAndThatNobodyUses() throws Exception {
    var clock = new FakeClock();
    var begun = new CompletableFuture<Void>();
    Protocol protocol =
        connection -> {
          assertThat(connection.getInputStream().read()).isNegative();
          begun.complete(null);
        };
    try (var server = new BridgeServer(clock.newLoop(), mount("/up", upgrading(protocol).build()));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      InputStream in = socket.getInputStream();
      head(in);
      socket.shutdownOutput();
      begun.get(20, TimeUnit.SECONDS);
      server.onLoop(() -> null); // the step of the loop in which it has seen the end is over
      clock.advance(Duration.ofMinutes(1));
      assertThat(in.read()).isNegative();
      assertThat(told.next()).isEqualTo("destroyed");
    }
  }

  @Test
  void endsWithTheApplication() throws Exception {
    var begun = new CompletableFuture<Void>();
    var container = upgrading(connection -> begun.complete(null)).build();
    try (var server = new BridgeServer(mount("/up", container));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      InputStream in = socket.getInputStream();
      head(in);
      begun.get(20, TimeUnit.SECONDS);
      container.stop();
      assertThat(told).as("before stop returns").containsExactly("destroyed");
      assertThat(in.read()).isNegative();
    }
  }

  @Test
  void endsWithTheApplicationWhenTheLoopHasEndedBefore() throws Exception {
    var begun = new CompletableFuture<Void>();
    var builder = upgrading(connection -> begun.complete(null)).stopTimeout(Duration.ofHours(1));
    ServletContainer container = builder.build();
    try (var server = new BridgeServer(mount("/up", container));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      head(socket.getInputStream());
      begun.get(20, TimeUnit.SECONDS);
      server.endLoop();
      container.stop();
      assertThat(told).containsExactly("destroyed");
    }
  }

  @Test
  void refusesReadsOfAStreamThatIsNotReady() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    Protocol protocol =
        connection -> {
          var in = connection.getInputStream();
          in.setReadListener(
              new ReadListener() {
                @Override
                public void onDataAvailable() {}

                @Override
                public void onAllDataRead() {}

                @Override
                public void onError(Throwable failure) {}
              });
          try {
            in.read();
          } catch (IllegalStateException e) {
            seen.complete(e);
          }
          connection.close();
        };
    try (var server = new BridgeServer(mount("/up", upgrading(protocol).build()));
        Socket socket = server.connect()) {
      send(socket, "GET" + HEAD + "\r\n");
      assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("not ready");
    }
  }

  // ---- refused

  @Test
  void answersAnErrorThatComesBehindTheUpgrade() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      request.upgrade(Handler.class);
                      if ("/send".equals(request.getPathInfo())) {
                        response.sendError(418);
                      } else {
                        throw new IllegalStateException("thrown");
                      }
                    }),
                "/*");
    try (var server = new BridgeServer(mount("/up", builder.build()))) {
      try (Socket socket = server.connect()) {
        send(socket, "GET" + HEAD + "\r\n");
        assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 500 ");
      }
      try (Socket socket = server.connect()) {
        send(socket, "GET" + HEAD.replace("/up/", "/up/send") + "\r\n");
        assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 418 ");
      }
    }
  }

  @Test
  void refusesWhatTheClientHasNotAskedFor() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      assertThatThrownBy(() -> request.upgrade(Handler.class))
                          .isInstanceOf(ServletException.class)
                          .hasMessageContaining("has not asked");
                      response.getWriter().print("refused");
                    }),
                "/*");
    try (var server = new BridgeServer(mount("/up", builder.build()))) {
      assertThat(server.get("/up/").body()).isEqualTo("refused");
    }
  }

  @Test
  void refusesConnectionsThatCannotBeTakenOver() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      assertThatThrownBy(() -> request.upgrade(Handler.class))
                          .isInstanceOf(ServletException.class)
                          .hasMessageContaining("cannot be taken over in fake");
                      response.getWriter().print("refused");
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/", "Upgrade", "test").text()).isEqualTo("refused");
    }
  }

  @Test
  void refusesTwoUpgradesAndOneOfAnAnswerThatHasBegun() throws Exception {
    var checked = new LinkedBlockingQueue<String>();
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      if ("/late".equals(request.getPathInfo())) {
                        response.flushBuffer();
                      } else {
                        Handler handler = request.upgrade(Handler.class);
                        handler.told = told;
                        handler.protocol = WebConnection::close;
                      }
                      assertThatIllegalStateException()
                          .isThrownBy(() -> request.upgrade(Handler.class));
                      checked.add("checked");
                    }),
                "/*");
    try (var server = new BridgeServer(mount("/up", builder.build()))) {
      for (String path : new String[] {"/up/late", "/up/"}) {
        try (Socket socket = server.connect()) {
          send(socket, "GET" + HEAD.replace("/up/", path) + "\r\n");
          assertThat(checked.poll(20, TimeUnit.SECONDS)).isEqualTo("checked");
          head(socket.getInputStream());
        }
      }
      assertThat(told.next()).isEqualTo("destroyed");
    }
  }
}
