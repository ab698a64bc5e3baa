// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;

/** A request's name, its deadline, and what becomes of it when its client has gone. */
class RequestScopeTest extends HandlerTest {
  private LogCapture log;
  private LogCapture general;
  private LogCapture access;

  @BeforeEach
  void captureLogs() {
    log = new LogCapture(Log.APPLICATION);
    general = new LogCapture(Log.GENERAL);
    access = new LogCapture(Log.ACCESS);
  }

  @AfterEach
  void releaseLogs() {
    access.close();
    general.close();
    log.close();
  }

  /** Waits for what never comes, in a coroutine too. */
  private class Waiting extends Traced {
    private LoopFuture<Void> coroutine;

    @Override
    protected void get() {
      coroutine = spawn(() -> await(new LoopFuture<Void>(loop)));
      try {
        await(new LoopFuture<Void>(loop));
      } finally {
        events.add("gave up");
      }
    }

    @Override
    protected void onConnectionClose() {
      events.add("gone");
    }
  }

  private static Application with(Settings.Builder settings, RequestHandler handler) {
    return new Application(settings.build(), url("/", () -> handler));
  }

  /** Begins a request whose handler waits, and has the client go. */
  private void leave(Application application, FakeConnection connection) throws Exception {
    onLoop(
        () -> {
          var delegate = begin(application, connection, "GET", "/");
          var request = loop.rootContext().spawn(() -> finished(delegate));
          await(moment()); // now it waits
          delegate.onConnectionClose();
          await(moment());
          await(moment());
          assertThat(request.isDone()).isEqualTo(events.contains("gave up"));
          return 0;
        });
  }

  private static int finished(HTTPMessageDelegate delegate) throws Exception {
    delegate.finish();
    return 0;
  }

  // ---- clients that go

  @Test
  void givesUpWhatIsAwaitedWhenTheClientHasGone() throws Exception {
    var handler = new Waiting();
    var connection = connection();
    leave(with(settings().cancelOnDisconnect(true), handler), connection);

    assertThat(events).endsWith("prepare", "gone", "gave up", "onFinish 200");
    assertThat(handler.coroutine).isCancelled();
    assertThat(connection.calls).isSubsetOf("abort");
    assertThat(log.lines()).isEmpty();
    assertThat(access.lines()).isEmpty();
    assertThat(general.lines()).singleElement().asString().contains("Not answered: GET /");
  }

  @Test
  void goesOnWithoutTheClientUnlessItIsToldTo() throws Exception {
    var handler = new Waiting();
    leave(with(settings(), handler), connection());

    assertThat(events).endsWith("prepare", "gone");
    assertThat(handler.coroutine).isNotDone();
  }

  @Test
  void aHandlerCanDecideForItself() throws Exception {
    class Deciding extends Waiting {
      @Override
      protected boolean cancelOnDisconnect() {
        return true;
      }
    }
    leave(with(settings(), new Deciding()), connection());

    assertThat(events).endsWith("gone", "gave up", "onFinish 200");
  }

  @Test
  void saysAtStartWhereClientsGoUnseen() {
    var application = with(settings().cancelOnDisconnect(true), new Traced());
    var offered = EnumSet.complementOf(EnumSet.of(Capability.CLOSE_DETECTION));
    application.start("Test 1.0", offered);
    assertThat(general.lines())
        .containsExactly("WARNING cancelOnDisconnect has no effect in Test 1.0: clients go unseen");
  }

  // ---- deadlines

  /** Runs a request whose handler waits until its deadline has come. */
  private FakeConnection overdue(Application application) throws Exception {
    var connection = request(application, "GET", "/", "");
    onLoop(() -> await(moment())); // the handler hears of it
    return connection;
  }

  @Test
  void answers503WhenTheDeadlineIsOver() throws Exception {
    var limit = Duration.ofMillis(1);
    var connection = overdue(with(settings().requestDeadline(limit), new Waiting()));

    assertThat(connection.status()).isEqualTo(503);
    assertThat(connection.body()).contains("503: Service Unavailable");
    assertThat(events).containsSubsequence("gave up", "onFinish 503");
    assertThat(log.lines()).isEmpty();
    assertThat(general.lines())
        .anyMatch(
            line -> line.equals("WARNING 503 GET / (192.0.2.7): Not answered within PT0.001S"))
        .noneMatch(line -> line.startsWith("SEVERE"));
    assertThat(access.lines()).singleElement().asString().startsWith("SEVERE 503 GET / ");
  }

  @Test
  void cutsWhatHasBegunWhenTheDeadlineIsOver() throws Exception {
    class Stalling extends Waiting {
      @Override
      protected void get() {
        write("half");
        await(flush());
        super.get();
      }
    }
    var limit = Duration.ofMillis(1);
    var connection = overdue(with(settings().requestDeadline(limit), new Stalling()));

    assertThat(connection.calls).containsExactly("headers", "write half", "abort");
    assertThat(events).containsSubsequence("gave up", "onFinish 200");
  }

  @Test
  void answers503ForAHandlerThatStoresCallbacks() throws Exception {
    class Storing extends Traced {
      @Override
      @Asynchronous
      protected void get() {
        loop.callLater(DEADLINE, this::finish);
      }
    }
    var limit = Duration.ofMillis(1);
    var connection = overdue(with(settings().requestDeadline(limit), new Storing()));

    assertThat(connection.status()).isEqualTo(503);
    assertThat(events).endsWith("onFinish 503");
  }

  @Test
  void aHandlerCanAnswerWhatItHasWhenTheDeadlineIsOver() throws Exception {
    class Partial extends Waiting {
      @Override
      protected void get() {
        try {
          super.get();
        } catch (CancellationException e) {
          write("not all: " + e.getMessage());
        }
      }
    }
    var limit = Duration.ofMillis(1);
    var connection = overdue(with(settings().requestDeadline(limit), new Partial()));

    assertThat(connection.status()).isEqualTo(200);
    assertThat(connection.body())
        .isEqualTo("not all: the request has not been answered within PT0.001S");
    assertThat(events).endsWith("gave up", "onFinish 200");
  }

  @Test
  void answers503ForAHandlerThatWaitsOnAllTheSame() throws Exception {
    class Stubborn extends Waiting {
      @Override
      protected void get() {
        try {
          super.get();
        } catch (CancellationException e) {
          await(new LoopFuture<Void>(loop));
        }
      }
    }
    var limit = Duration.ofMillis(1);
    var connection = connection();
    onLoop(
        () -> {
          var application = with(settings().requestDeadline(limit), new Stubborn());
          var delegate = begin(application, connection, "GET", "/");
          var _ = loop.rootContext().spawn(() -> finished(delegate));
          return await(connection.ended);
        });

    assertThat(connection.status()).isEqualTo(503);
  }

  @Test
  void anErrorPageMayAwaitBehindTheDeadline() throws Exception {
    class Slow extends Waiting {
      @Override
      protected void writeError(int status, Throwable cause) throws Exception {
        await(sleep(Duration.ofMillis(5)));
        write("late by " + status);
      }
    }
    var limit = Duration.ofMillis(1);
    var connection = overdue(with(settings().requestDeadline(limit), new Slow()));

    assertThat(connection.status()).isEqualTo(503);
    assertThat(connection.body()).isEqualTo("late by 503");
    assertThat(events).containsSubsequence("gave up", "onFinish 503");
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aHandlerCanSetADeadlineOfItsOwn() throws Exception {
    class Patient extends Waiting {
      @Override
      protected void prepare() {
        setDeadline(Duration.ZERO);
        setDeadline(Duration.ofMillis(1));
      }
    }
    var connection = overdue(with(settings().requestDeadline(DEADLINE), new Patient()));

    assertThat(connection.status()).isEqualTo(503);
  }

  @Test
  void theDeadlineEndsWithTheAnswer() throws Exception {
    class Late extends Traced {
      @Override
      protected void onFinish() {
        setDeadline(Duration.ZERO.plusNanos(1));
        events.add("remaining " + loop.context().scope().remaining());
      }
    }
    request(with(settings().requestDeadline(DEADLINE), new Late()), "GET", "/", "");
    onLoop(() -> await(moment()));

    assertThat(events).endsWith("remaining null");
    assertThat(general.lines()).isEmpty();
  }

  // ---- names

  /** Answers with its request's name. */
  private class Named extends Traced {
    @Override
    protected void get() {
      write(requestId() + " " + loop.context().scope().name());
    }
  }

  @Test
  void namesRequestsInTheAnswerAndInAllThatIsLogged() throws Exception {
    class Failing extends Named {
      @Override
      protected void get() {
        throw new IllegalStateException("no luck");
      }
    }
    var named = settings().requestIdHeader("X-Request-ID");
    with("X-Request-ID", "edge-7.a_B");
    var connection = request(with(named, new Failing()), "GET", "/", "");

    assertThat(connection.status()).isEqualTo(500);
    assertThat(connection.header("X-Request-ID")).isEqualTo("edge-7.a_B");
    assertThat(log.lines())
        .containsExactly("SEVERE Uncaught exception GET / (192.0.2.7) [edge-7.a_B]");
    assertThat(access.lines()).singleElement().asString().contains("(192.0.2.7) [edge-7.a_B] ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a,b", "a]b", "ä", "<b>", "a\tb"})
  void makesUpNamesForThoseThatAreFitForNoLog(String sent) throws Exception {
    var named = with(settings().requestIdHeader("X-Request-ID"), new Named());
    with("X-Request-ID", sent);
    String id = request(named, "GET", "/", "").header("X-Request-ID");

    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]+");
  }

  @Test
  void makesUpNamesForThoseThatAreTooLong() throws Exception {
    var named = with(settings().requestIdHeader("X-Request-ID"), new Named());
    with("X-Request-ID", "a".repeat(65));

    assertThat(request(named, "GET", "/", "").header("X-Request-ID")).hasSizeLessThan(30);
  }

  @Test
  void givesEachRequestANameOfItsOwnWhenAsked() throws Exception {
    String first = get("/", url("/", Named::new)).body();
    String second = get("/", url("/", Named::new)).body();

    assertThat(first).matches("(\\S+) \\1");
    assertThat(second).matches("(\\S+) \\1").isNotEqualTo(first);
  }

  @Test
  void refusesAHeaderThatIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> settings().requestIdHeader("X Request"));
  }
}
