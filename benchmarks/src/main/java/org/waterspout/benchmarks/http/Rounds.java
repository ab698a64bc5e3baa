// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.util.ArrayList;
import java.util.List;
import org.waterspout.benchmarks.Series;

/** What each round gave for one of those that are compared. */
final class Rounds {
  /** What it is, whatever its classes. */
  final String name;

  /** As the tables call it. */
  final String label;

  final Kind kind;
  private final List<Double> micros = new ArrayList<>(); // of processor time, for one answer
  private final List<Double> perSecond = new ArrayList<>();

  Rounds(String name, String label, Kind kind) {
    this.name = name;
    this.label = label;
    this.kind = kind;
  }

  void add(double answers, double processorNanos, double nanos) {
    micros.add(processorNanos / 1e3 / answers);
    perSecond.add(answers * 1e9 / nanos);
  }

  double last() {
    return micros.getLast();
  }

  Series micros() {
    return new Series(micros);
  }

  Series perSecond() {
    return new Series(perSecond);
  }

  /** How its processor time compares with another's, round by round. */
  Series ratioTo(Rounds other) {
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < micros.size(); round++) {
      ratios.add(micros.get(round) / other.micros.get(round));
    }
    return new Series(ratios);
  }
}
