// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.Settings;

/** What becomes of fetches when the request for which they are made ends. */
class FetchOfHandlerTest {
  private final CountDownLatch asked = new CountDownLatch(2);
  private final CountDownLatch ended = new CountDownLatch(2);
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Asks a silent server twice: itself, and in a coroutine. */
  private class Asking extends RequestHandler {
    private final String url;

    Asking(String url) {
      this.url = url;
    }

    @Override
    protected void get() {
      var client = AsyncHTTPClient.current();
      var _ = await(multi(client.fetch(url), spawn(() -> await(client.fetch(url)))));
    }

    @Override
    protected void onFinish() {
      finished.countDown();
    }
  }

  /** Never answers, and notices when its connections end. */
  private ScriptedServer silent() throws IOException {
    return new ScriptedServer(
        peer -> {
          peer.head();
          asked.countDown();
          peer.awaitEnd();
          ended.countDown();
        });
  }

  private SiteServer site(Settings.Builder settings, ScriptedServer silent) throws Exception {
    return new SiteServer(
        new Application(settings.build(), url("/", () -> new Asking(silent.url("/slow")))));
  }

  private static Socket get(SiteServer site) throws IOException {
    var socket = new Socket("127.0.0.1", site.server.port());
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
    return socket;
  }

  @Test
  void areGivenUpWhenTheClientHasGone() throws Exception {
    try (var silent = silent();
        var site = site(settings().cancelOnDisconnect(true), silent)) {
      try (var _ = get(site)) {
        assertThat(asked.await(20, SECONDS)).isTrue();
      }
      assertThat(ended.await(20, SECONDS)).isTrue();
      assertThat(finished.await(20, SECONDS)).isTrue();
    }
  }

  @Test
  void areGivenUpWhenTheDeadlineIsOver() throws Exception {
    try (var silent = silent();
        var site = site(settings().requestDeadline(Duration.ofSeconds(1)), silent);
        var socket = get(site)) {
      socket.setSoTimeout(20_000);
      assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 503");
      assertThat(finished.await(20, SECONDS)).isTrue();
      ClientLoop.until(() -> ended.getCount() <= asked.getCount()); // those that came about
    }
  }
}
