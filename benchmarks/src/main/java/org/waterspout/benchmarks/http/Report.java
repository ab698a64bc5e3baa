// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.waterspout.benchmarks.Series;

/** What was measured under one workload, as Markdown. */
final class Report {
  /** With whom each is compared in one column, if there is such a one among all. */
  record Column(String title, BiFunction<Rounds, List<Rounds>, Optional<Rounds>> other) {}

  static final Column OF_THE_BEST_PEER = new Column("of the best peer", (_, all) -> bestPeer(all));
  static final Column OF_BARE = new Column("of bare", (_, all) -> bare(all));
  static final Column OF_BEFORE = new Column("of before", Report::before);

  private final String workload;
  private final List<Rounds> all;
  private final List<Column> columns;

  Report(String workload, List<Rounds> all, List<Column> columns) {
    this.workload = workload;
    this.all = all;
    this.columns = columns;
  }

  String markdown() {
    var text = new StringBuilder("| ").append(workload);
    text.append(" | µs CPU | quartiles | least | per second |");
    columns.forEach(column -> text.append(" ").append(column.title).append(" |"));
    text.append("\n|---|---:|---:|---:|---:|").append("---|".repeat(columns.size())).append("\n");
    for (var one : all) {
      var micros = one.micros();
      text.append("| ").append(one.label).append(" | ").append(number(micros.median()));
      text.append(" | ").append(number(micros.lowerQuartile()));
      text.append("-").append(number(micros.upperQuartile()));
      text.append(" | ").append(number(micros.least()));
      text.append(" | ").append("%,.0f".formatted(one.perSecond().median()));
      for (var column : columns) {
        text.append(" | ").append(ratio(one, column.other.apply(one, all)));
      }
      text.append(" |\n");
    }
    return text.append("\n").toString();
  }

  private static Optional<Rounds> bestPeer(List<Rounds> all) {
    return all.stream()
        .filter(one -> one.kind == Kind.PEER)
        .min(Comparator.comparingDouble(one -> one.micros().median()));
  }

  private static Optional<Rounds> bare(List<Rounds> all) {
    return all.stream().filter(each -> each.kind == Kind.YARDSTICK).findFirst();
  }

  private static Optional<Rounds> before(Rounds after, List<Rounds> all) {
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
