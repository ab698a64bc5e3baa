// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** What clients see of errors. */
class ErrorPageTest extends HandlerTest {
  private final Rule failing =
      url("/.*", () -> new Failing(() -> new IllegalStateException("<script>why</script>")));

  private FakeConnection debug(boolean debug, boolean traceback) throws Exception {
    var settings = settings().debug(debug).serveTraceback(traceback).build();
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = request(new Application(settings, failing), "GET", "/<b>?'", "");
      assertThat(log.thrown()).hasSize(1);
      return answer;
    }
  }

  @Test
  void saysNothingButStatusAndReason() throws Exception {
    with("Accept", "text/html");
    var answer = debug(false, false);

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.body())
        .contains("<title>500: Internal Server Error</title>", "prefers-color-scheme: dark")
        .doesNotContain("why", "Exception", "<pre>", "http:", "https:", "<script", "<link");
  }

  @Test
  void showsDevelopersTheStackInABrowser() throws Exception {
    with("Accept", "text/html,*/*;q=0.8");
    var answer = debug(true, true);

    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.body())
        .contains(
            "<h1><b>500:</b> Internal Server Error</h1>",
            "<p>GET /&lt;b&gt;?&#x27; (192.0.2.7)</p>",
            "java.lang.IllegalStateException: &lt;script&gt;why&lt;/script&gt;",
            "\tat org.waterspout.web.")
        .doesNotContain("<script", "/<b>?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json"})
  void showsDevelopersTheStackAsText(String accept) throws Exception {
    with("Accept", accept);
    var answer = debug(true, true);

    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(answer.body()).startsWith("java.lang.IllegalStateException: <script>why</script>");
  }

  @Test
  void hidesTheStackWhereThatIsSet() throws Exception {
    with("Accept", "text/html");

    assertThat(debug(true, false).body()).doesNotContain("why");
    assertThat(debug(false, true).body()).contains("why");
  }

  @Test
  void showsNoStackOfAnErrorWithoutACause() throws Exception {
    class Sending extends RequestHandler {
      @Override
      protected void get() {
        sendError(503);
      }
    }
    var settings = settings().debug(true).build();
    var answer = request(new Application(settings, url("/", Sending::new)), "GET", "/", "");

    assertThat(answer.body()).contains("503", "Service Unavailable").doesNotContain("<pre>");
  }

  @Test
  void showsAReasonOfItsOwnAndNeverTheMessage() throws Exception {
    var rule =
        url(
            "/",
            () ->
                new Failing(() -> new HTTPError(409, "the secret").withReason("Taken <b>already")));
    try (var log = new LogCapture(Log.GENERAL)) {
      var answer = get("/", rule);

      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.reason()).isEqualTo("Taken <b>already");
      assertThat(answer.body())
          .contains("409:</b> Taken &lt;b&gt;already")
          .doesNotContain("secret", "<b>already");
      assertThat(log.lines()).containsExactly("WARNING 409 GET / (192.0.2.7): the secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: b=c", "\u0000", "\u00e9", "\t"})
  void refusesReasonsThatCannotBeSent(String reason) {
    assertThatThrownBy(() -> new HTTPError(400).withReason(reason))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a reason phrase");
  }

  @Test
  void namesAStatusThatNobodyKnows() throws Exception {
    class Odd extends RequestHandler {
      @Override
      protected void get() {
        setStatus(799);
      }
    }
    var answer = get("/", url("/", Odd::new));

    assertThat(answer.status()).isEqualTo(799);
    assertThat(answer.reason()).isEqualTo("Unknown");
    assertThat(get("/", url("/", () -> new ErrorHandler(599))).body()).contains("599:</b> Unknown");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 1000})
  void refusesStatusesThatAreNone(int status) throws Exception {
    class Odd extends RequestHandler {
      @Override
      protected void get() {
        setStatus(status);
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(get("/", url("/", Odd::new)).status()).isEqualTo(500);
      assertThat(log.thrown()).singleElement().isInstanceOf(IllegalArgumentException.class);
    }
  }
}
