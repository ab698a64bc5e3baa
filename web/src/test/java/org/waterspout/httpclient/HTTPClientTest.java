// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.IOLoop;

/** The client that blocks, and the command line. */
class HTTPClientTest {
  private static final String OK = "HTTP/1.1 200 Fine\r\nX: y\r\nContent-Length: 3\r\n\r\nok\n";
  private static final String GONE = "HTTP/1.1 410 Gone\r\nContent-Length: 5\r\n\r\ngone\n";

  @Test
  void fetchesAndKeepsNothingOpen() throws Exception {
    try (var server = ScriptedServer.answering(OK);
        var client = new HTTPClient()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(client.fetch(server.url("/")).text()).isEqualTo("ok\n");
        assertThat(server.connections()).isEqualTo(i);
      }
      assertThat(client.fetch(client.request(server.url("/")).build()).code()).isEqualTo(200);
    }
  }

  @Test
  void throwsWhatAFetchFailsWith() throws Exception {
    try (var server = ScriptedServer.answering(GONE);
        var client = new HTTPClient()) {
      assertThatExceptionOfType(HTTPClientError.class)
          .isThrownBy(() -> client.fetch(server.url("/")))
          .withMessage("HTTP 410: Gone");
      var request = HTTPRequest.builder(server.url("/"));
      assertThat(client.fetch(request.build(), false).text()).isEqualTo("gone\n");
      var reason = new IOException("disk full");
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(
              () ->
                  client.fetch(
                      request
                          .streamingCallback(
                              chunk -> {
                                throw reason;
                              })
                          .build()))
          .withCause(reason);
    }
  }

  @Test
  void refusesToBlockALoop() throws Exception {
    try (var loop = new IOLoop();
        var made = new HTTPClient()) {
      loop.runSync(
          () -> {
            assertThatIllegalStateException()
                .isThrownBy(HTTPClient::new)
                .withMessageContaining("use AsyncHTTPClient");
            assertThatIllegalStateException().isThrownBy(() -> made.fetch("http://127.0.0.1/"));
            return 0;
          });
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return new FetchCommand(new PrintStream(out), new PrintStream(err)).run(args);
  }

  @Test
  void printsBodies() throws Exception {
    try (var server = ScriptedServer.answering(OK)) {
      assertThat(run(server.url("/"), server.url("/"))).isZero();
      assertThat(out.toString(UTF_8)).isEqualTo("ok\nok\n");
      assertThat(err.toString(UTF_8)).isEmpty();
    }
  }

  @Test
  void printsHeaders() throws Exception {
    try (var server = ScriptedServer.answering(OK)) {
      assertThat(run("--print-headers", "--print_body=false", server.url("/"))).isZero();
      assertThat(out.toString(UTF_8)).isEqualTo("200 Fine\nX: y\nContent-Length: 3\n\n");
    }
  }

  @Test
  void tellsByItsStatusThatSomethingDidNotSucceed() throws Exception {
    try (var server = ScriptedServer.answering(GONE);
        var good = ScriptedServer.answering(OK)) {
      assertThat(run(server.url("/"), good.url("/"))).isEqualTo(1);
      assertThat(out.toString(UTF_8)).isEqualTo("gone\nok\n");
    }
    try (var broken = ScriptedServer.answering("nonsense\r\n\r\n")) {
      assertThat(run(broken.url("/").replace("//", "//u:secret@"))).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .startsWith("GET " + broken.url("/") + ": a malformed answer")
          .doesNotContain("secret");
    }
  }

  @Test
  void goesWhereItIsTold() throws Exception {
    try (var proxy = new TestProxy(null);
        var to = ScriptedServer.answering(OK);
        var from =
            ScriptedServer.answering(
                "HTTP/1.1 302 X\r\nLocation: " + to.url("/") + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(run("--follow-redirects=false", from.url("/"))).isEqualTo(1);
      assertThat(to.connections()).isZero();
      assertThat(run("--proxy-host=127.0.0.1", "--proxy-port=" + proxy.port(), from.url("/")))
          .isZero();
      assertThat(proxy.heads).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--nonsense http://127.0.0.1/",
        "--print-body=perhaps ftp://127.0.0.1/",
        "--print-body=perhaps http://127.0.0.1/",
        "--print-headers=maybe http://127.0.0.1/",
        "--validate-cert= http://127.0.0.1/",
        "--follow-redirects=perhaps http://127.0.0.1/",
        "--proxy-host=a http://127.0.0.1/",
        "--proxy-port=1 http://127.0.0.1/",
        "--proxy-host=a --proxy-port=0 http://127.0.0.1/",
        "--proxy-host=a --proxy-port=x http://127.0.0.1/",
        "127.0.0.1"
      })
  void refusesWhatItDoesNotKnow(String args) {
    assertThat(run(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines()).hasSize(1).first().asString().isNotBlank();
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void saysHowItIsUsed() {
    assertThat(run("--help", "--nonsense")).isZero();
    assertThat(out.toString(UTF_8)).contains("--print-headers", "--proxy-port");
  }
}
