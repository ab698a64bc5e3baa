// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;

/** Bounded buffers both ways, limits, clients that go away, and stopping. */
class FlowTest {
  private static HTTPHeaders chunked() {
    var headers = new HTTPHeaders();
    headers.set("Transfer-Encoding", "chunked");
    return headers;
  }

  @Test
  void holdsTheSenderBackUntilTheServletReads() throws Exception {
    var mayRead = new SynchronousQueue<Integer>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              var in = request.getInputStream();
              long total = 0;
              while (true) {
                int wanted = mayRead.take();
                int got = in.readNBytes(new byte[wanted], 0, wanted);
                total += got;
                if (got < wanted) {
                  response.getWriter().print(total);
                  return;
                }
              }
            });
    var builder = ServletContainer.builder().servlet("s", servlet, "/").bodyBuffer(1000);
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate =
          app.onLoop(() -> app.begin(connection, "POST", "/", chunked()));

      assertThat(app.onLoop(() -> delegate.dataReceived(new byte[999]))).isNull();
      CompletionStage<?> held = app.onLoop(() -> delegate.dataReceived(new byte[101]));
      assertThat(held).as("1100 bytes wait").isNotNull();
      assertThat(held.toCompletableFuture().isDone()).isFalse();
      mayRead.put(999);
      held.toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(app.onLoop(() -> delegate.dataReceived(new byte[5]))).isNull();
      app.onLoop(
          () -> {
            delegate.finish();
            return null;
          });
      mayRead.put(200);
      assertThat(connection.await().text()).isEqualTo("1105");
    }
  }

  @Test
  void dropsWhatTheServletDoesNotRead() throws Exception {
    var servlet = Code.servlet((request, response) -> response.getWriter().print("done"));
    var builder = ServletContainer.builder().servlet("s", servlet, "/").bodyBuffer(10);
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate =
          app.onLoop(() -> app.begin(connection, "POST", "/", chunked()));
      CompletionStage<?> held = app.onLoop(() -> delegate.dataReceived(new byte[100]));
      assertThat(connection.await().text()).isEqualTo("done");
      if (held != null) {
        held.toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
      app.stopContainer();
      assertThat(app.onLoop(() -> delegate.dataReceived(new byte[100]))).isNull();
    }
  }

  @Test
  void waitsForASlowReaderInsteadOfBuffering() throws Exception {
    var servlet =
        Code.servlet((request, response) -> response.getOutputStream().write(new byte[1_000_000]));
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      app.onLoop(() -> null);
      assertThat(connection.unsentWrites()).isEqualTo(1);
      assertThat(connection.written).isLessThanOrEqualTo(16 * 1024);

      connection.proceed();
      assertThat(connection.await().body()).hasSize(1_000_000);
    }
  }

  @Test
  void isReadyToBeReadBeforeAnythingHasCome() throws Exception {
    var ready = new CompletableFuture<Boolean>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              ready.complete(request.getInputStream().isReady());
              response.getWriter().print(request.getInputStream().read());
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate =
          app.onLoop(() -> app.begin(connection, "POST", "/", chunked()));
      assertThat(ready.get(20, TimeUnit.SECONDS)).as("a read may block").isTrue();
      app.onLoop(
          () -> {
            delegate.finish();
            return null;
          });
      assertThat(connection.await().text()).isEqualTo("-1");
    }
  }

  @Test
  void tellsAServletThatReadsThatTheClientIsGone() throws Exception {
    var started = new CountDownLatch(1);
    var seen = new CompletableFuture<Throwable>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              started.countDown();
              try {
                request.getInputStream().readAllBytes();
              } catch (IOException e) {
                seen.complete(e);
                throw e;
              }
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, true, false);
      HTTPMessageDelegate delegate =
          app.onLoop(() -> app.begin(connection, "POST", "/", chunked()));
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
      app.onLoop(
          () -> {
            var unused = delegate.dataReceived(new byte[10]);
            delegate.onConnectionClose();
            return null;
          });
      assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("closed the connection");
      assertThat(connection.await().cut()).isTrue();
    }
  }

  @Test
  void tellsAServletThatWritesThatTheClientIsGone() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              try {
                response.getOutputStream().write(new byte[100_000]);
              } catch (IOException e) {
                seen.complete(e);
                throw e;
              }
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      HTTPMessageDelegate delegate =
          app.onLoop(
              () -> {
                var begun = app.begin(connection, "GET", "/", new HTTPHeaders());
                begun.finish();
                return begun;
              });
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      app.vanish(delegate);
      assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("closed the connection");
      assertThat(connection.await().cut()).isTrue();
    }
  }

  @Test
  void runsSoManyQueuesSoManyAndRefusesTheRest() throws Exception {
    var started = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    var servlet =
        Code.servlet(
            (request, response) -> {
              started.countDown();
              go.await();
              response.getWriter().print("ok");
            });
    var builder =
        ServletContainer.builder()
            .servlet("s", servlet, "/")
            .maxConcurrent(2)
            .maxQueue(3)
            .retryAfter(Duration.ofSeconds(7));
    try (var app = TestApp.start("", builder)) {
      List<FakeConnection> admitted = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        admitted.add(app.open("GET", "/", null));
      }
      Answer refused = app.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("7");
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

      go.countDown();
      for (FakeConnection connection : admitted) {
        assertThat(connection.await().text()).isEqualTo("ok");
      }
      assertThat(app.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void doesNotRunAQueuedRequestWhoseClientIsGone() throws Exception {
    var running = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var servlet =
        Code.servlet(
            (request, response) -> {
              running.countDown();
              go.await();
              response.getWriter().print("ok");
            });
    var builder =
        ServletContainer.builder().servlet("s", servlet, "/").maxConcurrent(1).maxQueue(1);
    try (var app = TestApp.start("", builder)) {
      FakeConnection first = app.open("GET", "/", null);
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      var second = new FakeConnection(app.loop, true, false);
      app.onLoop(
          () -> {
            HTTPMessageDelegate delegate = app.begin(second, "GET", "/", new HTTPHeaders());
            delegate.finish();
            delegate.onConnectionClose();
            return null;
          });
      go.countDown();
      assertThat(first.await().text()).isEqualTo("ok");
      assertThat(second.await().cut()).isTrue();
      assertThat(app.get("/").text()).as("no place was lost").isEqualTo("ok");
    }
  }

  @Test
  void givesThePlaceOfARequestBackThatNeverBecameComplete() throws Exception {
    var servlet = Code.servlet((request, response) -> response.getWriter().print("ok"));
    var builder =
        ServletContainer.builder().servlet("s", servlet, "/").maxConcurrent(1).maxQueue(0);
    try (var app = TestApp.start("", builder)) {
      var connection = new FakeConnection(app.loop, true, false);
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).onConnectionClose();
            return null;
          });
      assertThat(app.get("/").text()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitsForRunningRequestsWhenItStops(boolean patient) throws Exception {
    var running = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var events = new ArrayList<String>();
    var servlet =
        new jakarta.servlet.http.HttpServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void service(
              jakarta.servlet.http.HttpServletRequest request,
              jakarta.servlet.http.HttpServletResponse response)
              throws IOException {
            running.countDown();
            try {
              go.await();
              response.getWriter().print("ended");
            } catch (InterruptedException e) {
              response.getWriter().print("interrupted");
            }
            synchronized (events) {
              events.add("served");
            }
          }

          @Override
          public void destroy() {
            synchronized (events) {
              events.add("destroyed");
            }
          }
        };
    var builder =
        ServletContainer.builder()
            .servlet("s", servlet, "/")
            .stopTimeout(patient ? Duration.ofSeconds(20) : Duration.ZERO);
    try (var app = TestApp.start("", builder)) {
      FakeConnection connection = app.open("GET", "/", null);
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      Thread stopping = Thread.ofVirtual().start(app::stopContainer);
      if (patient) {
        FakeConnection late = app.open("GET", "/", null);
        while (!late.answer.isDone()) {
          late = app.open("GET", "/", null);
        }
        assertThat(late.await().status()).isEqualTo(503);
        go.countDown();
      }
      stopping.join();
      assertThat(connection.await().text()).isEqualTo(patient ? "ended" : "interrupted");
      if (patient) {
        assertThat(events).startsWith("served").endsWith("destroyed");
      }
    }
  }

  @Test
  void endsAWriteToAClientThatTakesNothingWhenItStops() throws Exception {
    var writing = new CountDownLatch(1);
    var events = new java.util.concurrent.LinkedBlockingQueue<String>();
    var servlet =
        new jakarta.servlet.http.HttpServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void service(
              jakarta.servlet.http.HttpServletRequest request,
              jakarta.servlet.http.HttpServletResponse response) {
            try {
              response.flushBuffer();
              writing.countDown();
              while (true) {
                response.getOutputStream().write(new byte[64 * 1024]);
              }
            } catch (IOException e) {
              events.add("ended");
            }
          }

          @Override
          public void destroy() {
            events.add("destroyed");
          }
        };
    var container =
        ServletContainer.builder().servlet("s", servlet, "/").stopTimeout(Duration.ZERO).build();
    try (var server = new BridgeServer(mount("/app", container));
        var socket = server.connect()) {
      String request = "GET /app/ HTTP/1.1\r\nHost: h\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
      container.stop();
      assertThat(events).containsExactly("ended", "destroyed");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsAReadThatComesAfterTheEndOfTheAnswer(boolean lends) throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              if (request.getMethod().equals("POST")) {
                response.sendRedirect("/elsewhere");
                try {
                  request.getInputStream().readAllBytes();
                } catch (IOException e) {
                  seen.complete(e);
                  throw e;
                }
              }
            });
    var builder = ServletContainer.builder().servlet("s", servlet, "/").maxConcurrent(1);
    try (var app = TestApp.start("", builder)) {
      app.lends = lends;
      var connection = new FakeConnection(app.loop, lends, false);
      app.onLoop(
          () -> app.begin(connection, "POST", "/", chunked()).dataReceived(new byte[] {'x'}));
      assertThat(connection.await().status()).isEqualTo(302);
      assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(app.get("/").status()).as("the turn is free again").isEqualTo(200);
    }
  }

  @Test
  void endsAWriteWhenTheLoopIsClosed() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              try {
                response.getOutputStream().write(new byte[100_000]);
              } catch (IOException e) {
                seen.complete(e);
                throw e;
              }
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      app.lends = false;
      var connection = new FakeConnection(app.loop, false, false);
      connection.stall();
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/", new HTTPHeaders()).finish();
            return null;
          });
      assertThat(connection.firstWrite.await(20, TimeUnit.SECONDS)).isTrue();
      app.loop.close();
      assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("closed the connection");
    }
  }
}
