// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
}
