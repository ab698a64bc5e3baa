// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.ServletOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Threads of an application that write when they must not. */
class StrayThreadTest {
  private static final byte[] MUCH = new byte[16 * 1024 * 1024];

  static {
    Arrays.fill(MUCH, (byte) 'x');
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      assertThat(c).as("the end after " + line).isNotNegative();
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void skipHead(InputStream in) throws IOException {
    String line = line(in);
    while (!line.isEmpty()) {
      line = line(in);
    }
  }

  /** How many bytes there are in the pieces of a body, which are all the same. */
  private static long readPieces(DataInputStream in) throws IOException {
    long count = 0;
    while (true) {
      byte[] piece = new byte[Integer.parseInt(line(in), 16)];
      in.readFully(piece);
      assertThat(line(in)).isEmpty();
      if (piece.length == 0) {
        return count;
      }
      assertThat(Arrays.equals(piece, 0, piece.length, MUCH, 0, piece.length)).isTrue();
      count += piece.length;
    }
  }

  @Test
  void doNotBreakTheAnswersThatFollow() throws Exception {
    var stray = new AtomicReference<Thread>();
    var blocked = new CountDownLatch(1);
    Code.Service leaky =
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          out.write(MUCH, 0, 64 * 1024);
          Thread writer =
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          out.write(MUCH);
                        } catch (IOException e) {
                          // The answer has ended.
                        }
                      });
          stray.set(writer);
          awaitBlocked(writer);
          blocked.countDown();
        };
    Code.Service next = (request, response) -> response.getWriter().print("next");
    var container =
        ServletContainer.builder()
            .servlet("leaky", Code.servlet(leaky), "/leaky")
            .servlet("next", Code.servlet(next), "/next")
            .build();
    try (var server = new BridgeServer(mount("/app", container));
        var socket = server.connect();
        var in = new DataInputStream(socket.getInputStream())) {
      String requests =
          "GET /app/leaky HTTP/1.1\r\nHost: h\r\n\r\nGET /app/next HTTP/1.1\r\nHost: h\r\n\r\n";
      socket.getOutputStream().write(requests.getBytes(US_ASCII));
      assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
      skipHead(in);
      assertThat(readPieces(in)).isBetween(64L * 1024, (long) MUCH.length);
      skipHead(in);
      assertThat(new String(in.readNBytes(4), US_ASCII)).isEqualTo("next");
      assertThat(stray.get().join(Duration.ofSeconds(20))).isTrue();
    }
  }

  /** Its client takes nothing, so that it waits sooner or later. */
  private static void awaitBlocked(Thread writer) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Thread.State state = writer.getState();
    while (state != Thread.State.WAITING && state != Thread.State.TIMED_WAITING) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
      state = writer.getState();
    }
  }
}
