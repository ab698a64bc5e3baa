// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import java.util.Random;

/**
 * How long tests of random input go on: the same few rounds in every build, and new ones for some
 * time with {@code -Psoak}.
 */
public final class Soak {
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("soak.seconds", 0));

  private Soak() {}

  /** One round. */
  public interface Round {
    void run(Random random, int round) throws Exception;
  }

  /**
   * Runs so many rounds with a seed. With {@code -Psoak} the seed is {@code -Dsoak.seed} or a new
   * one, which is printed, and there are as many rounds as the time allows.
   *
   * @throws AssertionError if a round fails; it names seed and round
   */
  public static void run(long usualSeed, int usualRounds, Round body) {
    long seed = TIME.isZero() ? usualSeed : Long.getLong("soak.seed", System.nanoTime());
    long end = System.nanoTime() + TIME.toNanos();
    var random = new Random(seed);
    int round = 0;
    try {
      for (; round < usualRounds || System.nanoTime() < end; round++) {
        body.run(random, round);
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("with -Dsoak.seed=" + seed + " in round " + round, e);
    }
    if (!TIME.isZero()) {
      System.out.println(caller() + ": " + round + " rounds with -Dsoak.seed=" + seed);
    }
  }

  /** The test method: whoever is the furthest up. */
  private static String caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().startsWith("org.waterspout."))
                    .reduce((inner, outer) -> outer)
                    .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                    .orElse("?"));
  }
}
