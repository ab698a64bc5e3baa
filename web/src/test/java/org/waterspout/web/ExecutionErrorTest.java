// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.log.Log;

/** What becomes of what a handler throws. */
class ExecutionErrorTest extends HandlerTest {
  @Test
  void answersExceptionsWithAPageThatSaysNothingMore() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      var failure = new IllegalArgumentException("secret");
      var answer = get("/x?y", url("/x", () -> new Failing(() -> failure)));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("500", "Internal Server Error").doesNotContain("secret");
      assertThat(answer.calls).endsWith("finish");
      assertThat(events).endsWith("setDefaultHeaders", "onFinish 500");
      assertThat(log.lines()).containsExactly("SEVERE Uncaught exception GET /x?y (192.0.2.7)");
      assertThat(log.thrown()).containsExactly(failure);
    }
  }

  @Test
  void answersErrorsLikeExceptions() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      for (Error error : List.of(new AssertionError("a"), new StackOverflowError())) {
        assertThat(get("/", url("/", () -> new Failing(() -> error))).status()).isEqualTo(500);
      }
      assertThat(log.thrown()).hasSize(2);
    }
  }

  @Test
  void answersAndThenPassesOnWhatNothingSurvives() {
    try (var log = new LogCapture(Log.APPLICATION)) {
      var fatal = new InternalError("the machine is broken");
      var connection = connection();
      var application = new Application(url("/", () -> new Failing(() -> fatal)));

      assertThatThrownBy(
              () ->
                  onLoop(
                      () -> {
                        begin(application, connection, "GET", "/").finish();
                        return null;
                      }))
          .isSameAs(fatal);
      assertThat(connection.status()).isEqualTo(500);
      assertThat(log.thrown()).contains(fatal); // once here, once where it stops the loop
    }
  }

  @Test
  void answersHTTPErrorsWithTheirStatusAndLogsTheirMessage() throws Exception {
    try (var log = new LogCapture(Log.GENERAL)) {
      var answer = get("/", url("/", () -> new Failing(() -> new HTTPError(403, "no\nway"))));

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("403: Forbidden").doesNotContain("way");
      assertThat(log.lines()).containsExactly("WARNING 403 GET / (192.0.2.7): no\\u000away");
    }
  }

  @Test
  void finishesQuietlyOnFinish() throws Exception {
    class Quiet extends RequestHandler {
      @Override
      protected void get() {
        setStatus(202);
        write("a");
        throw new Finish("b");
      }
    }
    var answer = get("/", url("/", Quiet::new));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("ab");
  }

  @Test
  void showsTheStackToDevelopers() throws Exception {
    try (var _ = new LogCapture(Log.APPLICATION)) {
      var rule = url("/", () -> new Failing(() -> new IllegalStateException("why")));
      var answer = request(new Application(settings().debug(true).build(), rule), "GET", "/", "");

      assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
      assertThat(answer.body()).contains("IllegalStateException: why", "\tat ");
    }
  }

  @Test
  void cutsAnAnswerThatFailsHalfway() throws Exception {
    class Halfway extends Traced {
      @Override
      protected void get() {
        write("half");
        await(flush());
        throw new IllegalStateException("halfway");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", url("/", Halfway::new));

      assertThat(answer.calls).containsExactly("headers", "write half", "abort");
      assertThat(events).endsWith("onFinish 200");
      assertThat(log.thrown()).hasSize(1);
    }
  }

  @Test
  void startsErrorPagesFromScratchButKeepsCookies() throws Exception {
    class Dirty extends RequestHandler {
      @Override
      protected void get() {
        setCookie("sid", "gone");
        setHeader("Content-Type", "image/png");
        setHeader("X-Half", "done");
        write("half");
        sendError(404);
      }
    }
    var answer = get("/", url("/", Dirty::new));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Set-Cookie")).isEqualTo("sid=gone; Path=/");
    assertThat(answer.headers().contains("X-Half")).isFalse();
    assertThat(answer.body()).doesNotContain("half");
  }

  @Test
  void letsHandlersWriteTheirOwnErrorPages() throws Exception {
    class Own extends RequestHandler {
      @Override
      protected void get() {
        throw new HTTPError(410);
      }

      @Override
      protected void writeError(int status, @Nullable Throwable cause) {
        write("own " + status + " " + ((HTTPError) cause).status());
      }
    }

    assertThat(get("/", url("/", Own::new)).body()).isEqualTo("own 410 410");
  }

  @Test
  void survivesErrorPagesAndLastHooksThatFail() throws Exception {
    class Hopeless extends RequestHandler {
      @Override
      protected void get() {
        throw new IllegalStateException("first");
      }

      @Override
      protected void writeError(int status, @Nullable Throwable cause) {
        throw new IllegalStateException("second");
      }

      @Override
      protected void onFinish() {
        throw new IllegalStateException("third");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", url("/", Hopeless::new));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("Content-Length")).isEqualTo("0");
      assertThat(log.thrown()).extracting("message").containsExactly("first", "second", "third");
    }
  }

  @Test
  void survivesALogExceptionThatFails() throws Exception {
    class Unloggable extends RequestHandler {
      @Override
      protected void get() {
        throw new IllegalStateException("first");
      }

      @Override
      protected void logException(Throwable error) {
        throw new IllegalStateException("second");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(get("/", url("/", Unloggable::new)).status()).isEqualTo(500);
      assertThat(log.lines())
          .containsExactly(
              "SEVERE Exception in logException", "SEVERE ... which was to log this one");
      assertThat(log.thrown()).extracting("message").containsExactly("second", "first");
    }
  }

  @Test
  void logsNoLineBreaksOfAClient() throws Exception {
    class Careless extends RequestHandler {
      @Override
      protected void get() {
        write("" + Integer.parseInt(getArgument("n")));
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(get("/?n=1%0d%0aSEVERE+forged", url("/", Careless::new)).status()).isEqualTo(500);
      assertThat(log.lines())
          .containsExactly("SEVERE Uncaught exception GET /?n=1%0d%0aSEVERE+forged (192.0.2.7)");
      var trace = new StringWriter();
      log.thrown().getFirst().printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString())
          .contains("NumberFormatException", "1\\u000d\\u000aSEVERE forged", "\tat ")
          .doesNotContain("\nSEVERE");
    }
  }

  @Test
  void refusesABodyWhereThereIsNone() throws Exception {
    class Wrong extends RequestHandler {
      @Override
      protected void get() {
        setStatus(204);
        write("body");
      }
    }
    try (var _ = new LogCapture(Log.APPLICATION)) {
      assertThat(get("/", url("/", Wrong::new)).status()).isEqualTo(500);
    }
  }

  @Test
  void answersForConstructorsThatThrow() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      Supplier<Traced> broken =
          () -> {
            throw new IllegalStateException("no database");
          };
      assertThat(get("/", url("/", broken)).status()).isEqualTo(500);
      assertThat(log.thrown()).extracting("message").containsExactly("no database");
    }
  }

  @Test
  void refusesAHandlerThatIsUsedTwice() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      var one = new Traced();
      var rule = url("/", () -> one);

      assertThat(get("/", rule).status()).isEqualTo(200);
      assertThat(get("/", rule).status()).isEqualTo(500);
      assertThat(log.thrown().getFirst()).hasMessageContaining("one per request");
    }
  }

  @Test
  void answersStatusesWithoutABodyWithoutAPage() throws Exception {
    class Empty extends RequestHandler {
      @Override
      protected void get() {
        sendError(204);
      }
    }
    var unmodified = get("/", url("/", () -> new Failing(() -> new HTTPError(304))));
    var empty = get("/", url("/", Empty::new));

    assertThat(unmodified.status()).isEqualTo(304);
    assertThat(empty.status()).isEqualTo(204);
    assertThat(unmodified.calls).containsExactly("headers", "finish");
    assertThat(empty.calls).containsExactly("headers", "finish");
  }

  @Test
  void answersAFinishThatCannotBe() throws Exception {
    class Wrong extends RequestHandler {
      @Override
      protected void get() {
        setStatus(204);
        throw new Finish("body");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", url("/", Wrong::new));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("500");
      assertThat(log.thrown().getFirst()).hasMessageContaining("204 has no body");
    }
  }

  @Test
  void answersWhereEvenTheDefaultHeadersFail() throws Exception {
    class Hopeless extends RequestHandler {
      private int calls;

      @Override
      protected void setDefaultHeaders() {
        if (++calls > 1) {
          throw new IllegalStateException("headers");
        }
      }

      @Override
      protected void get() {
        throw new IllegalStateException("get");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", url("/", Hopeless::new));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("Content-Length")).isEqualTo("0");
      assertThat(log.thrown()).extracting("message").containsExactly("get", "headers");
    }
  }

  @Test
  void sendsNoHalfErrorPage() throws Exception {
    class Half extends RequestHandler {
      @Override
      protected void get() {
        throw new HTTPError(410);
      }

      @Override
      protected void writeError(int status, @Nullable Throwable cause) {
        setHeader("X-Half", "done");
        write("half");
        throw new IllegalStateException("halfway");
      }
    }
    try (var _ = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", url("/", Half::new));

      assertThat(answer.status()).isEqualTo(410);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers().contains("X-Half")).isFalse();
    }
  }
}
