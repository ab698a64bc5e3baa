// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.gen.Gen;
import org.waterspout.http.Capability;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/** The order in which a handler is called, and what becomes of what it throws. */
class ExecutionTest extends HandlerTest {
  /** Notes which hooks are called. */
  class Traced extends RequestHandler {
    @Override
    protected void setDefaultHeaders() {
      events.add("setDefaultHeaders");
    }

    @Override
    protected void prepare() throws Exception {
      events.add("prepare");
    }

    @Override
    protected void get() throws Exception {
      events.add("get");
      write("got");
    }

    @Override
    protected void onFinish() throws Exception {
      events.add("onFinish " + getStatus());
    }
  }

  /** Throws what it is given. */
  class Failing extends Traced {
    private final Supplier<? extends Throwable> failure;

    Failing(Supplier<? extends Throwable> failure) {
      this.failure = failure;
    }

    @Override
    protected void get() throws Exception {
      switch (failure.get()) {
        case Error e -> throw e;
        case Exception e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void callsHooksInOrder() throws Exception {
    get("/", url("/", Traced::new));

    assertThat(events).containsExactly("setDefaultHeaders", "prepare", "get", "onFinish 200");
  }

  @Test
  void skipsTheVerbWhenPrepareHasAnswered() throws Exception {
    class Prepared extends Traced {
      @Override
      protected void prepare() {
        setStatus(202);
        var _ = finish("prepared");
      }
    }
    var answer = get("/", url("/", Prepared::new));

    assertThat(answer.body()).isEqualTo("prepared");
    assertThat(events).containsExactly("setDefaultHeaders", "onFinish 202");
  }

  @Test
  void waitsForHandlersThatAwait() throws Exception {
    class Awaiting extends RequestHandler {
      @Override
      protected void prepare() {
        Gen.await(Gen.sleep(Duration.ofMillis(1)));
      }

      @Override
      protected void get() {
        write("a");
        Gen.await(Gen.sleep(Duration.ofMillis(1)));
        write("b");
      }
    }

    assertThat(get("/", url("/", Awaiting::new)).body()).isEqualTo("ab");
  }

  @Test
  void leavesAsynchronousAnswersOpen() throws Exception {
    class Late extends Traced {
      @Override
      @Asynchronous
      protected void get() {
        events.add("get");
        var _ = loop.callLater(Duration.ofMillis(1), () -> finish("late"));
      }
    }
    var answer = get("/", url("/", Late::new));

    assertThat(answer.body()).isEqualTo("late");
    assertThat(events).endsWith("get", "onFinish 200");
  }

  @Test
  void answersWhatAStoredCallbackThrows() throws Exception {
    class Broken extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {
        loop.addCallback(
            () -> {
              throw new HTTPError(409);
            });
      }
    }

    assertThat(get("/", url("/", Broken::new)).status()).isEqualTo(409);
  }

  @Test
  void answersWhatADependentOfAFutureThrows() throws Exception {
    class Broken extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {
        var future = new LoopFuture<String>(loop);
        loop.addCallback(() -> future.complete("x"));
        var _ =
            future.whenComplete(
                (_, _) ->
                    loop.addCallback(
                        () -> {
                          throw new HTTPError(418);
                        }));
      }
    }

    assertThat(get("/", url("/", Broken::new)).status()).isEqualTo(418);
  }

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

  @ParameterizedTest
  @ValueSource(strings = {"POST", "BREW", "get"})
  void namesTheMethodsThatAreAllowed(String method) throws Exception {
    var answer = request(method, "/", "", url("/", Traced::new));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET");
  }

  @Test
  void answersUnknownPathsWith404() throws Exception {
    assertThat(get("/b", url("/a", Traced::new)).status()).isEqualTo(404);
    assertThat(request("BREW", "/b", "", url("/a", Traced::new)).status()).isEqualTo(404);
    assertThat(request("OPTIONS", "*", "", url("/a", Traced::new)).status()).isEqualTo(404);
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

  // ---- bodies

  @StreamRequestBody
  class Streaming extends Traced {
    @Override
    protected void dataReceived(byte[] chunk) {
      await(Gen.sleep(Duration.ofMillis(1)));
      events.add("data " + new String(chunk, StandardCharsets.UTF_8));
    }

    @Override
    protected void put() {
      events.add("put " + request().body().length);
    }
  }

  @Test
  void streamsBodiesBetweenPrepareAndVerb() throws Exception {
    var application = new Application(url("/", Streaming::new));
    var connection = connection();
    onLoop(
        () -> {
          var delegate = begin(application, connection, "PUT", "/");
          events.add("headers done");
          var _ = delegate.dataReceived(new byte[] {'a'});
          var _ = delegate.dataReceived(new byte[] {'b'});
          delegate.finish();
          return null;
        });

    assertThat(events)
        .containsExactly(
            "setDefaultHeaders",
            "prepare",
            "headers done",
            "data a",
            "data b",
            "put 0",
            "onFinish 200");
  }

  @Test
  void dropsTheRestOfABodyOnceItHasAnswered() throws Exception {
    @StreamRequestBody
    class Refusing extends Streaming {
      @Override
      protected void prepare() {
        throw new HTTPError(413);
      }
    }
    var answer = request("PUT", "/", "body", url("/", Refusing::new));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(events).doesNotContain("data body", "put 0");
  }

  @Test
  void answersErrorsWhileStreaming() throws Exception {
    @StreamRequestBody
    class Choking extends Streaming {
      @Override
      protected void dataReceived(byte[] chunk) {
        throw new HTTPError(422);
      }
    }

    assertThat(request("PUT", "/", "body", url("/", Choking::new)).status()).isEqualTo(422);
  }

  @Test
  void collectsOtherBodies() throws Exception {
    class Echo extends RequestHandler {
      @Override
      protected void post() {
        write(request().body());
      }
    }

    assertThat(request("POST", "/", "body", url("/", Echo::new)).body()).isEqualTo("body");
  }

  // ---- clients that go away

  @Test
  void tellsTheHandlerThatTheClientHasGone() throws Exception {
    class Waiting extends Traced {
      @Override
      @Asynchronous
      protected void get() {}

      @Override
      protected void onConnectionClose() {
        events.add("gone");
        write("into the void");
        var flushed = flush();
        assertThatThrownBy(flushed::join)
            .isInstanceOfAny(StreamClosedException.class, CompletionException.class);
        var _ = finish();
      }
    }
    var connection = connection();
    onLoop(
        () -> {
          var delegate = begin(new Application(url("/", Waiting::new)), connection, "GET", "/");
          delegate.finish();
          delegate.onConnectionClose();
          return null;
        });

    assertThat(events).endsWith("gone", "onFinish 200");
    assertThat(connection.calls).isSubsetOf("abort");
  }

  @Test
  void doesNotCallItAnErrorWhenTheClientGoesWhileItIsWrittenTo() throws Exception {
    class Talking extends Traced {
      @Override
      protected void get() {
        await(Gen.sleep(Duration.ofMillis(1)));
        write("hello?");
        await(flush());
        events.add("not reached");
      }
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var connection = connection();
      onLoop(
          () -> {
            var delegate = begin(new Application(url("/", Talking::new)), connection, "GET", "/");
            loop.addCallback(delegate::onConnectionClose);
            delegate.finish();
            return null;
          });

      assertThat(events).endsWith("prepare", "onFinish 200");
      assertThat(log.lines()).isEmpty();
    }
  }

  // ---- the access log

  @Test
  void writesOneAccessLinePerAnswer() throws Exception {
    try (var log = new LogCapture(Log.ACCESS)) {
      get("/a?b", url("/a", Traced::new));
      get("/é", url("/a", Traced::new));
      try (var _ = new LogCapture(Log.APPLICATION)) {
        get("/a", url("/a", () -> new Failing(IllegalStateException::new)));
      }
      String time = " \\d+\\.\\d\\dms";
      assertThat(log.lines())
          .satisfiesExactly(
              line -> assertThat(line).matches("INFO 200 GET /a\\?b \\(192.0.2.7\\)" + time),
              line -> assertThat(line).matches("WARNING 404 GET /\\\\u00e9 \\(.*\\)" + time),
              line -> assertThat(line).matches("SEVERE 500 GET /a \\(.*\\)" + time));
    }
  }

  @Test
  void letsAnotherFunctionWriteTheAccessLog() throws Exception {
    var settings = settings().logFunction(h -> events.add("log " + h.getStatus())).build();
    var _ = request(new Application(settings, url("/", Traced::new)), "GET", "/", "");

    assertThat(events).endsWith("get", "log 200", "onFinish 200");
  }

  // ---- capabilities at run time

  @Test
  void degradesWhereTheHandlerPrefers() throws Exception {
    @Prefers({Capability.STREAMING_RESPONSE, Capability.CUSTOM_REASON_PHRASE})
    class Coping extends RequestHandler {
      @Override
      protected void get() {
        setStatus(200, "Fine");
        write("a");
        await(flush());
        write("b");
      }
    }
    var whole = get("/", url("/", Coping::new));
    lacking(Capability.STREAMING_RESPONSE, Capability.CUSTOM_REASON_PHRASE);
    var degraded = get("/", url("/", Coping::new));

    assertThat(whole.reason()).isEqualTo("Fine");
    assertThat(whole.calls).containsExactly("headers", "write a", "write b", "finish");
    assertThat(degraded.reason()).isEqualTo("OK");
    assertThat(degraded.calls).containsExactly("headers", "write ab", "finish");
  }

  @Test
  void refusesARouteWhoseHandlerNeedsMore() throws Exception {
    class Streams extends RequestHandler {
      @Override
      protected void get() {
        await(flush());
      }
    }
    try (var log = new LogCapture(Log.GENERAL)) {
      lacking(Capability.STREAMING_RESPONSE);
      var answer = get("/", url("/", Streams::new));

      assertThat(answer.status()).isEqualTo(501);
      assertThat(log.lines().getFirst())
          .contains("STREAMING_RESPONSE", "Streams", "route /", "Test 1.0");
    }
  }
}
