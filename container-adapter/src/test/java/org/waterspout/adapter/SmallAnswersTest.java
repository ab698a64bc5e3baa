// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.ResponseStartLine;

/** Answers that may be left to the container's buffer, in async mode. */
class SmallAnswersTest {
  private static final String HEAD =
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n";

  private final TestHandlers handlers = new TestHandlers();

  /**
   * Whoever completes an answer in Undertow waits for the client; the loop must not be passed by.
   */
  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void aClientThatTakesNoneOfManyIsCutInUndertow() throws Exception {
    var options = AdapterOptions.defaults().withStallTimeout(Duration.ofMillis(500));
    var servlet = new ServletAdapter(handlers.application(), options);
    byte[] body = new byte[30_000];
    try (var container = Container.Kind.UNDERTOW.of(servlet).start();
        var client = new Client(container.port(), 4096)) {
      assertThatIOException()
          .isThrownBy(
              () -> {
                while (true) { // until the connection is cut, with all buffers full
                  client.send(HEAD).send(body);
                }
              });
      try (var next = container.connect()) {
        assertThat(next.get("/echo/next").status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Container.Kind.class)
  void areAnsweredBehindAFilterThatHasBegunToWrite(Container.Kind kind) throws Exception {
    class Prologue extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        response.getOutputStream().write('<');
        chain.doFilter(request, response);
      }
    }
    byte[] body = new byte[30_000];
    new Random(1).nextBytes(body);
    try (var container =
            kind.of(new ServletAdapter(handlers.application()))
                .withFilter("prologue", new Prologue(), true)
                .start();
        var client = container.connect()) {
      byte[] answer = client.send(HEAD).send(body).answer().body();
      assertThat(answer[0]).isEqualTo((byte) '<');
      assertThat(Arrays.copyOfRange(answer, 1, 30_000)).isEqualTo(Arrays.copyOf(body, 29_999));
    }
  }

  /** Jetty writes an answer on the thread that completes it. */
  @ParameterizedTest
  @EnumSource(Container.Kind.class)
  void areCompletedByAThreadOfTheContainer(Container.Kind kind) throws Exception {
    var virtual = new CompletableFuture<Boolean>();
    var watched = new CountDownLatch(1);
    class Completion implements AsyncListener {
      @Override
      public void onComplete(AsyncEvent event) {
        virtual.complete(Thread.currentThread().isVirtual()); // as the loop's threads are
      }

      @Override
      public void onTimeout(AsyncEvent event) {}

      @Override
      public void onError(AsyncEvent event) {}

      @Override
      public void onStartAsync(AsyncEvent event) {}
    }
    class Watching extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        chain.doFilter(request, response);
        request.getAsyncContext().addListener(new Completion());
        watched.countDown();
      }
    }
    try (var container =
            kind.of(new ServletAdapter(handlers.application()))
                .withFilter("watching", new Watching(), true)
                .start();
        var client = container.connect()) {
      client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(watched.await(20, TimeUnit.SECONDS)).isTrue();
      handlers.parked.poll(20, TimeUnit.SECONDS).complete("hello");
      assertThat(client.answer().text()).contains("hello");
      assertThat(virtual.get(20, TimeUnit.SECONDS)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Container.Kind.class)
  void areNoLongerTheirWritersWhenTheyAreTaken(Container.Kind kind) throws Exception {
    var seam = new Seam();
    seam.onHeaders =
        connection -> {
          var headers = new HTTPHeaders();
          headers.set("Content-Length", "30000");
          var body = ByteBuffer.allocate(30_000);
          Arrays.fill(body.array(), (byte) 'a');
          var line = new ResponseStartLine("HTTP/1.1", 200, "OK");
          var _ =
              connection
                  .writeHeaders(line, headers, body)
                  .thenRun(() -> Arrays.fill(body.array(), (byte) 'b'));
          var _ = connection.finish();
        };
    try (var container = kind.of(new ServletAdapter(seam.application())).start();
        var client = container.connect()) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("/").text()).isEqualTo("a".repeat(30_000));
      }
    }
  }
}
