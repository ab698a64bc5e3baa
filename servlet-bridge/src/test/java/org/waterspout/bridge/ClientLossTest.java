// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.ioloop.IOLoop;

/** Clients that go before they have their answers, over real sockets. */
class ClientLossTest {
  private enum End {
    CLOSED,
    HALF_CLOSED,
    RESET;

    void of(Socket socket) throws IOException {
      switch (this) {
        case CLOSED -> socket.close();
        case HALF_CLOSED -> socket.shutdownOutput();
        case RESET -> {
          socket.setSoLinger(true, 0);
          socket.close();
        }
      }
    }
  }

  private final CompletableFuture<AsyncContext> begun = new CompletableFuture<>();
  private final Told told = new Told();

  private ServletContainer.Builder parking() {
    return Code.async(
        (request, response) -> {
          AsyncContext context = request.startAsync();
          context.setTimeout(0);
          context.addListener(
              new SilentListener() {
                @Override
                public void onError(AsyncEvent event) {
                  told.add("error " + (event.getThrowable() instanceof IOException));
                }

                @Override
                public void onComplete(AsyncEvent event) {
                  told.add("complete");
                }
              });
          if (request.getParameter("flush") != null) {
            response.flushBuffer();
          }
          begun.complete(context);
        });
  }

  private static void get(Socket socket, String target) throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void tellsAParkedServletAtOnce(End end) throws Exception {
    try (var server = new BridgeServer(mount("/park", parking().build()));
        Socket socket = server.connect()) {
      get(socket, "/park/");
      Code.awaitReturned(begun.get(20, TimeUnit.SECONDS));
      end.of(socket);
      assertThat(told.next()).isEqualTo("error true");
      assertThat(told.next()).isEqualTo("complete");
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void tellsAServletThatIsParkedInTheMiddleOfItsAnswer(End end) throws Exception {
    try (var server = new BridgeServer(mount("/park", parking().build()));
        Socket socket = server.connect()) {
      get(socket, "/park/?flush=1");
      Code.awaitReturned(begun.get(20, TimeUnit.SECONDS));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      end.of(socket);
      assertThat(told.next()).isEqualTo("error true");
      assertThat(told.next()).isEqualTo("complete");
      if (end == End.HALF_CLOSED) {
        assertThat(seesItsEnd(socket)).as("the socket that was lent is released").isTrue();
      }
    }
  }

  private static boolean seesItsEnd(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      return e.getMessage().contains("reset");
    }
    return true;
  }

  @Test
  void answersAClientThatHasEndedItsOutputIfTheMountAllows() throws Exception {
    var container = parking().allowHalfClose(true).build();
    try (var server = new BridgeServer(mount("/park", container));
        Socket socket = server.connect()) {
      get(socket, "/park/");
      AsyncContext context = begun.get(20, TimeUnit.SECONDS);
      Code.awaitReturned(context);
      socket.shutdownOutput();
      for (int i = 0; i < 20; i++) {
        server.onLoop(() -> null); // it comes to see the end
      }
      context.getResponse().getWriter().print("late");
      context.complete();
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 200").endsWith("late");
      assertThat(told.next()).isEqualTo("complete");
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void interruptsAServletThatRunsIfTheMountWants(End end) throws Exception {
    var running = new CountDownLatch(1);
    var interrupted = new CompletableFuture<Boolean>();
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      running.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        interrupted.complete(true);
                        throw e;
                      }
                    }),
                "/*")
            .interruptWhenClientGone(true);
    try (var lines = new LogLines();
        var server = new BridgeServer(mount("/run", builder.build()));
        Socket socket = server.connect()) {
      get(socket, "/run/");
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      end.of(socket);
      assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(lines.lines).noneMatch(line -> line.startsWith("SEVERE"));
    }
  }

  @Test
  void warnsWhenTheLoopHasNoCarrierOfItsOwn() throws Exception {
    try (var lines = new LogLines();
        var server = new BridgeServer(mount("/park", parking().build()))) {
      boolean own = System.getProperty("waterspout.test.carrier", "custom").equals("custom");
      assertThat(server.onLoop(() -> IOLoop.current().customCarrier())).isEqualTo(own);
      boolean warned = lines.lines.stream().anyMatch(line -> line.contains("--add-opens"));
      assertThat(warned).isEqualTo(!own);
    }
  }
}
