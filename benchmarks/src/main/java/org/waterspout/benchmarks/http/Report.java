// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.waterspout.benchmarks.Series;

/** What was measured under one workload, as Markdown. */
final class Report {
  private final String workload;
  private final List<Rounds> all;
  private final boolean withBaseline;

  Report(String workload, List<Rounds> all, boolean withBaseline) {
    this.workload = workload;
    this.all = all;
    this.withBaseline = withBaseline;
  }

  String markdown() {
    var text = new StringBuilder("| ").append(workload);
    text.append(" | µs CPU | quartiles | least | per second | of the best peer | ");
    text.append(withBaseline ? "of before" : "of bare");
    text.append(" |\n|---|---:|---:|---:|---:|---|---|\n");
    for (var one : all) {
      var micros = one.micros();
      text.append("| ").append(one.label).append(" | ").append(number(micros.median()));
      text.append(" | ").append(number(micros.lowerQuartile()));
      text.append("-").append(number(micros.upperQuartile()));
      text.append(" | ").append(number(micros.least()));
      text.append(" | ").append("%,.0f".formatted(one.perSecond().median()));
      text.append(" | ").append(ratio(one, bestPeer()));
      text.append(" | ").append(ratio(one, withBaseline ? before(one) : bare()));
      text.append(" |\n");
    }
    return text.append("\n").toString();
  }

  private Optional<Rounds> bestPeer() {
    return all.stream()
        .filter(one -> one.kind == Kind.PEER)
        .min(Comparator.comparingDouble(one -> one.micros().median()));
  }

  private Optional<Rounds> bare() {
    return all.stream().filter(each -> each.kind == Kind.YARDSTICK).findFirst();
  }

  private Optional<Rounds> before(Rounds after) {
    return all.stream()
        .filter(each -> each.name.equals(after.name) && !each.label.equals(after.label))
        .findFirst();
  }

  private static String ratio(Rounds one, Optional<Rounds> other) {
    return other
        .filter(its -> !its.label.equals(one.label))
        .map(its -> ratio(one.ratioTo(its)))
        .orElse("");
  }

  private static String ratio(Series ratio) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f-%.2f)",
        ratio.median(),
        ratio.lowerQuartile(),
        ratio.upperQuartile());
  }

  private static String number(double micros) {
    return String.format(Locale.ROOT, micros < 100 ? "%.2f" : "%,.0f", micros);
  }
}
