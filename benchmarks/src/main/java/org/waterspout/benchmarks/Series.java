// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.util.Arrays;
import java.util.List;

/** What several rounds gave for one thing. */
public final class Series {
  private final double[] sorted;

  public Series(List<Double> values) {
    sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  public double median() {
    return quantile(0.5);
  }

  public double lowerQuartile() {
    return quantile(0.25);
  }

  public double upperQuartile() {
    return quantile(0.75);
  }

  public double least() {
    return sorted[0];
  }

  /** Linear between the two values next to the place. */
  public double quantile(double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
