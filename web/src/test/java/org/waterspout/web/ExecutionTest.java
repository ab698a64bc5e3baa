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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.gen.Gen;
import org.waterspout.http.Capability;
import org.waterspout.http.FormLimits;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.RequestStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;
import org.waterspout.routing.Router;

/** The order in which a handler is called, and what it is told. */
class ExecutionTest extends HandlerTest {
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

  @Test
  void tellsAHandlerWhoseWriteIsTheFirstToSeeThatTheClientHasGone() throws Exception {
    class Talking extends Traced {
      @Override
      protected void get() {
        write("hello?");
        await(flush());
        events.add("not reached");
      }

      @Override
      protected void onConnectionClose() {
        events.add("gone");
      }
    }
    var connection = connection();
    connection.broken = true;
    onLoop(
        () -> {
          var delegate = begin(new Application(url("/", Talking::new)), connection, "GET", "/");
          delegate.finish();
          delegate.onConnectionClose();
          return null;
        });

    assertThat(events).endsWith("prepare", "gone", "onFinish 200");
    assertThat(events).containsOnlyOnce("gone");
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

  @Test
  void refusesTooManyArgumentsAndTooLargeForms() throws Exception {
    var rule = url("/", Traced::new);
    String many = "a&".repeat(FormLimits.DEFAULT.maxArguments());
    String large = "a=" + "b".repeat(FormLimits.DEFAULT.maxFormSize() - 2);

    assertThat(post("/", many, rule).status()).isEqualTo(405);
    assertThat(post("/", many + "a", rule).status()).isEqualTo(400);
    assertThat(post("/", large, rule).status()).isEqualTo(405);
    assertThat(post("/", large + "b", rule).status()).isEqualTo(413);
  }

  @Test
  void refusesAStreamingHandlerBehindAClassThatDoesNotStream() throws Exception {
    class Plain extends Traced {}
    @StreamRequestBody
    class Hidden extends Plain {
      @Override
      protected void dataReceived(byte[] chunk) {}
    }
    Supplier<Plain> supplier = Hidden::new;
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(request("PUT", "/", "body", url("/", supplier)).status()).isEqualTo(500);
      assertThat(log.thrown().getFirst()).hasMessageContaining("streams the body");
    }
  }

  @Test
  void routersThatAwaitStillTellThatTheClientHasGone() throws Exception {
    var found =
        new HTTPMessageDelegate() {
          @Override
          public @Nullable CompletionStage<?> headersReceived(
              StartLine startLine, HTTPHeaders headers) {
            events.add("headers");
            return null;
          }

          @Override
          public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
            return null;
          }

          @Override
          public void finish() {}

          @Override
          public void onConnectionClose() {
            events.add("closed");
          }
        };
    var asked = new LoopFuture<Void>(loop);
    Router router =
        (request, connection) -> {
          await(asked);
          return found;
        };
    var connection = connection();
    onLoop(
        () -> {
          var delegate = router.startRequest(connection, connection);
          var line = new RequestStartLine("GET", "/", "HTTP/1.1");
          var parked = loop.spawn(() -> delegate.headersReceived(line, new HTTPHeaders()));
          delegate.onConnectionClose();
          asked.complete(null);
          return await(parked);
        });

    assertThat(events).containsExactly("closed");
  }
}
