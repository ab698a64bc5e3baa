// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.ServerTest.head;
import static org.waterspout.bridge.ServerTest.of;
import static org.waterspout.bridge.ServerTest.restUntilCut;
import static org.waterspout.bridge.ServerTest.send;
import static org.waterspout.web.Application.mount;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;

/** Servlets and clients of which one is slower than the other, over real sockets. */
class BackPressureTest {
  @Test
  void holdsAServletBackThatWritesFasterThanTheClientReads() throws Exception {
    var written = new AtomicLong();
    long total = 200_000_000;
    byte[] piece = new byte[100_000];
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          response.setContentLengthLong(total);
                          for (long i = 0; i < total; i += piece.length) {
                            response.getOutputStream().write(piece);
                            written.addAndGet(piece.length);
                          }
                        })));
        var socket = server.connect()) {
      send(socket, "GET /s/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      InputStream in = socket.getInputStream();
      head(in);
      assertThat(in.readNBytes(1000)).hasSize(1000);
      awaitStandstill(written);
      assertThat(written.get()).isLessThan(total / 4);
      assertThat(in.readAllBytes()).hasSize((int) total - 1000);
    }
  }

  @Test
  void holdsAClientBackThatSendsFasterThanTheServletReads() throws Exception {
    var sent = new AtomicLong();
    var mayRead = new CountDownLatch(1);
    long total = 50_000_000;
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          mayRead.await();
                          response
                              .getWriter()
                              .print(request.getInputStream().readAllBytes().length);
                        })));
        var socket = server.connect()) {
      send(socket, "POST /s/ HTTP/1.1\r\nHost: h\r\nContent-Length: " + total + "\r\n\r\n");
      var sending =
          CompletableFuture.runAsync(
              () -> {
                byte[] piece = new byte[100_000];
                try {
                  for (long i = 0; i < total; i += piece.length) {
                    socket.getOutputStream().write(piece);
                    sent.addAndGet(piece.length);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(total / 2);
      mayRead.countDown();
      sending.get(20, TimeUnit.SECONDS);
      head(socket.getInputStream());
      assertThat(socket.getInputStream().readNBytes(8)).asString().isEqualTo("" + total);
    }
  }

  @Test
  void givesUpOnAClientThatTakesNothing() throws Exception {
    var left = new CompletableFuture<Boolean>();
    var options = HTTPServerOptions.builder().stallTimeout(Duration.ofMillis(300)).build();
    ServletContainer container =
        of(
            (request, response) -> {
              for (int i = 0; i < 10_000; i++) {
                response.getWriter().print("x".repeat(20_000));
              }
              left.complete(Thread.interrupted());
            });
    try (var server = new BridgeServer(options, mount("/s", container));
        var socket = server.connect()) {
      send(socket, "GET /s/ HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(left.get(20, TimeUnit.SECONDS)).as("interrupted").isFalse();
      assertThat(restUntilCut(socket)).doesNotContain("\r\n0\r\n");
    }
  }

  /** Waits until a number has not grown for a while: there is no event for what does not happen. */
  private static void awaitStandstill(AtomicLong number) throws InterruptedException {
    long before = -1;
    while (before != number.get() || before == 0) {
      before = number.get();
      new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
    }
  }
}
