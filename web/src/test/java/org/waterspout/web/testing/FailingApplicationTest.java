// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.util.function.Supplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** What the extension fails tests with. */
@Timeout(60)
class FailingApplicationTest {
  private final Logger logger = Logger.getLogger(Log.APPLICATION.getName());

  /** What samples log is not for the console. */
  @BeforeEach
  void keepQuiet() {
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void speak() {
    logger.setUseParentHandlers(true);
    assertThat(logger.getHandlers()).isEmpty();
  }

  static final class Failing extends RequestHandler {
    @Override
    protected void get() {
      if (getArgument("later", "").isEmpty()) {
        throw new IllegalStateException("expected");
      }
      IOLoop.current()
          .rootContext()
          .run(
              () ->
                  IOLoop.current()
                      .addCallback(
                          () -> {
                            throw new IllegalStateException("expected later");
                          }));
    }
  }

  static Supplier<Application> failing() {
    return () -> new Application(url("/", Failing::new));
  }

  static class LogsTwoErrors {
    @RegisterExtension static final ApplicationExtension app = ApplicationExtension.of(failing());

    @Test
    void passesBut() {
      assertThat(app.fetch("/").code()).isEqualTo(500);
      assertThat(app.fetch("/?later=yes").code()).isEqualTo(200);
    }
  }

  @Test
  void errorsThatWereLoggedFailTheTest() {
    assertThat(Samples.failureOf(LogsTwoErrors.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("logged, and expected by no ExpectLog: Uncaught exception GET / ")
        .satisfies(error -> assertThat(error.getCause()).hasMessage("expected"))
        .satisfies(
            error ->
                assertThat(error.getSuppressed())
                    .singleElement()
                    .satisfies(later -> assertThat(later.getCause()).hasMessage("expected later")));
  }

  static class ExpectsItsErrors {
    @RegisterExtension static final ApplicationExtension app = ApplicationExtension.of(failing());

    @Test
    void passes() {
      try (var _ = new ExpectLog(Log.APPLICATION, "Uncaught exception")) {
        assertThat(app.fetch("/").code()).isEqualTo(500);
      }
    }
  }

  @Test
  void errorsThatWereExpectedDoNot() {
    Samples.assertPasses(ExpectsItsErrors.class, 1);
  }

  static class LogsAnErrorInBetween {
    @RegisterExtension static final ApplicationExtension app = ApplicationExtension.of(failing());

    @AfterAll
    static void fetch() {
      assertThat(app.fetch("/").code()).isEqualTo(500);
    }

    @Test
    void passes() {}
  }

  @Test
  void errorsBehindTheLastTestFailTheClass() {
    var failed = Samples.run(LogsAnErrorInBetween.class).containerEvents().failed().stream();
    assertThat(failed.flatMap(Samples::thrown))
        .singleElement()
        .satisfies(thrown -> assertThat(thrown).hasMessageContaining("Uncaught exception"));
  }

  static class TwoApplications {
    @RegisterExtension
    static final ApplicationExtension good =
        ApplicationExtension.of(() -> new Application(url("/", Good::new)));

    @RegisterExtension static final ApplicationExtension bad = ApplicationExtension.of(failing());

    static final class Good extends RequestHandler {
      @Override
      protected void get() {
        write("good");
      }
    }

    @Test
    void passesBut() {
      assertThat(good.fetch("/").code()).isEqualTo(200);
      assertThat(bad.fetch("/").code()).isEqualTo(500);
    }
  }

  @Test
  void anErrorIsReportedByTheApplicationThatHasIt() {
    assertThat(Samples.failureOf(TwoApplications.class))
        .hasMessageContaining("Uncaught exception")
        .satisfies(error -> assertThat(error.getSuppressed()).isEmpty());
  }

  static class CannotBeMade {
    @RegisterExtension
    final ApplicationExtension app =
        ApplicationExtension.of(
            () -> {
              throw new IllegalStateException("no application");
            });

    @Test
    void neverRuns() {
      throw new AssertionError("it has");
    }
  }

  @Test
  void anApplicationThatCannotBeMadeFailsTheTest() {
    assertThat(Samples.failureOf(CannotBeMade.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no application");
  }

  static class LogsAfterItsAnswer {
    @RegisterExtension final ApplicationExtension app = ApplicationExtension.of(failing());

    @Test
    void passesBut() {
      app.loop().addCallback(() -> Log.GENERAL.log(System.Logger.Level.ERROR, "at the end"));
    }
  }

  @Test
  void anErrorThatIsOnItsWayIsWaitedFor() {
    var general = Logger.getLogger(Log.GENERAL.getName());
    general.setUseParentHandlers(false);
    try {
      assertThat(Samples.failureOf(LogsAfterItsAnswer.class)).hasMessageEndingWith(": at the end");
    } finally {
      general.setUseParentHandlers(true);
    }
  }
}
