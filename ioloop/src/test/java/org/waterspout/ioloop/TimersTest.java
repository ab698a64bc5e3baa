// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TimersTest {
  private static final Context NONE = null;

  private static Timeout add(Timers timers, long deadline) {
    return timers.add(deadline, NONE, () -> {});
  }

  @Test
  void agreeWithASortedSetOverManyRandomSteps() {
    for (int seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      var timers = new Timers();
      var model = new TreeSet<Timeout>((a, b) -> a == b ? 0 : a.before(b) ? -1 : 1);
      var all = new ArrayList<Timeout>();
      for (int step = 0; step < 3000; step++) {
        int choice = random.nextInt(10);
        if (choice < 5) {
          var added = add(timers, random.nextInt(200));
          model.add(added);
          all.add(added);
        } else if (choice < 8 && !all.isEmpty()) {
          var removed = all.get(random.nextInt(all.size())); // possibly for the second time
          timers.remove(removed);
          model.remove(removed);
        } else {
          int now = random.nextInt(200);
          var expected =
              !model.isEmpty() && model.first().deadline <= now ? model.pollFirst() : null;
          assertThat(timers.pollDue(now)).as("seed %d step %d", seed, step).isSameAs(expected);
        }
        assertThat(timers.size()).isEqualTo(model.size());
        assertThat(timers.untilNext(0))
            .isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.first().deadline);
      }
      var rest = new ArrayList<Timeout>();
      for (var next = timers.pollDue(200); next != null; next = timers.pollDue(200)) {
        rest.add(next);
      }
      assertThat(rest).containsExactlyElementsOf(model);
    }
  }

  @Test
  void keepTheOrderOfEqualDeadlines() {
    var timers = new Timers();
    var added = new ArrayList<Timeout>();
    for (int i = 0; i < 100; i++) {
      added.add(add(timers, 7));
    }
    for (var expected : added) {
      assertThat(timers.pollDue(7)).isSameAs(expected);
    }
  }

  @Test
  void orderDeadlinesAcrossTheWrapOfTheClock() {
    var timers = new Timers();
    var after = add(timers, Long.MIN_VALUE + 5);
    var before = add(timers, Long.MAX_VALUE - 5);
    assertThat(timers.pollDue(Long.MAX_VALUE - 6)).isNull();
    assertThat(timers.pollDue(Long.MIN_VALUE)).isSameAs(before);
    assertThat(timers.untilNext(Long.MIN_VALUE)).isEqualTo(5);
    assertThat(timers.pollDue(Long.MIN_VALUE + 5)).isSameAs(after);
  }

  @Test
  void removingOneThatWasClearedAwayDoesNothing() {
    var timers = new Timers();
    var cleared = List.of(add(timers, 1), add(timers, 2), add(timers, 3));
    timers.clear();
    var added = add(timers, 4);
    cleared.forEach(timers::remove);
    assertThat(timers.pollDue(4)).isSameAs(added);
    assertThat(timers.size()).isZero();
  }
}
