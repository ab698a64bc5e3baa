// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpectLogTest {
  private static final String NAME = "org.waterspout.testing.ExpectLogTest";

  private final Logger logger = Logger.getLogger(NAME);
  private final System.Logger log = System.getLogger(NAME);
  private final List<String> passed = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          passed.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
  }

  @AfterEach
  void leaveTheLoggerAsItWas() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
    assertThat(logger.getFilter()).isNull();
    assertThat(logger.getLevel()).isNull();
  }

  @Test
  void swallowsWhatMatchesAndNothingElse() {
    try (var expected = new ExpectLog(NAME, "connection to .* lost")) {
      log.log(Level.INFO, "something else");
      assertThat(expected.matched()).isFalse();
      log.log(Level.INFO, "connection to {0} lost", "somewhere");
      assertThat(expected.matched()).isTrue();
      log.log(Level.INFO, "a connection to here lost");
    }
    log.log(Level.INFO, "connection to nowhere lost");
    assertThat(passed)
        .containsExactly(
            "something else", "a connection to here lost", "connection to nowhere lost");
  }

  @Test
  void failsIfNothingMatched() {
    var expected = new ExpectLog(log, "missed");
    log.log(Level.INFO, "not missed");
    assertThatThrownBy(expected::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(NAME)
        .hasMessageContaining("missed");
    expected.close(); // the second time does nothing
  }

  @Test
  void doesNotHideTheFailureOfTheCodeItWatches() {
    assertThatThrownBy(
            () -> {
              try (var _ = new ExpectLog(log, "missed")) {
                throw new IllegalStateException("the code's own");
              }
            })
        .hasMessage("the code's own");
  }

  @Test
  void doesNotFailIfNothingWasRequired() {
    try (var expected = new ExpectLog(NAME, "missed", false, null)) {
      assertThat(expected.matched()).isFalse();
    }
  }

  @Test
  void knowsWhetherAMatchHadAnException() {
    try (var expected = new ExpectLog(NAME, "bad")) {
      log.log(Level.ERROR, "worse", new Exception("of another record"));
      log.log(Level.ERROR, "bad");
      assertThat(expected.loggedStack()).isFalse();
      log.log(Level.ERROR, "bad", new Exception("expected"));
      log.log(Level.ERROR, "bad");
      assertThat(expected.loggedStack()).isTrue();
    }
  }

  @Test
  void matchesOneLevelOnlyAndOpensTheLoggerForIt() {
    try (var expected = new ExpectLog(log, "detail", true, Level.DEBUG)) {
      log.log(Level.INFO, "detail");
      assertThat(expected.matched()).isFalse();
      log.log(Level.DEBUG, "detail");
      assertThat(expected.matched()).isTrue();
    }
    log.log(Level.DEBUG, "detail");
    assertThat(passed).containsExactly("detail");
  }

  @Test
  void severalWatchOneLoggerAndMayEndInAnyOrder() {
    var first = new ExpectLog(NAME, "one");
    var second = new ExpectLog(NAME, "two");
    log.log(Level.INFO, "one");
    log.log(Level.INFO, "two");
    log.log(Level.INFO, "three");
    first.close();
    log.log(Level.INFO, "one");
    log.log(Level.INFO, "two");
    second.close();
    assertThat(passed).containsExactly("three", "one");
    logger.setFilter(null); // the first one's filter is left, which lets all pass
  }

  @Test
  void asksTheFilterThatWasThereBefore() {
    logger.setFilter(record -> !record.getMessage().equals("unwanted"));
    try (var _ = new ExpectLog(NAME, "expected")) {
      log.log(Level.INFO, "expected");
      log.log(Level.INFO, "unwanted");
      log.log(Level.INFO, "other");
    }
    assertThat(logger.getFilter()).isNotNull();
    logger.setFilter(null);
    assertThat(passed).containsExactly("other");
  }

  @Test
  void refusesLevelsThatNoRecordHas() {
    assertThatThrownBy(() -> new ExpectLog(NAME, "", true, Level.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ALL");
  }
}
