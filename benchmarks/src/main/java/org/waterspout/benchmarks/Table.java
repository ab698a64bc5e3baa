// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows as Markdown. */
final class Table {
  private final List<Row> rows;
  private final String baseline;

  Table(List<Row> rows, String baseline) {
    this.rows = rows;
    this.baseline = baseline;
  }

  String markdown() {
    var text =
        new StringBuilder("| ns for one | carrier | CPU | quartiles | least | wall | ratio |\n");
    text.append("|---|---|---:|---:|---:|---:|---|\n");
    for (var row : rows) {
      var cpu = new Series(row.cpu);
      text.append("| ").append(label(row)).append(" | ").append(row.mode.label());
      text.append(" | ").append(nanos(cpu.median()));
      text.append(" | ").append(nanos(cpu.lowerQuartile()));
      text.append("-").append(nanos(cpu.upperQuartile()));
      text.append(" | ").append(nanos(cpu.least()));
      text.append(" | ").append(nanos(new Series(row.wall).median()));
      text.append(" | ").append(ratio(row)).append(" |\n");
    }
    return text.toString();
  }

  private static String label(Row row) {
    return row.subject.label() + (row.classesBefore.isEmpty() ? "" : ", before");
  }

  private String ratio(Row row) {
    var before = row.classesBefore.isEmpty() ? find(row.subject.label(), row.mode, baseline) : null;
    if (!baseline.isEmpty() && before != null) {
      return ratio(row, before) + " of before";
    }
    var yardstick = row.subject.yardstick();
    var other = yardstick == null ? null : find(yardstick, row.mode, row.classesBefore);
    return other == null ? "" : ratio(row, other) + " of bare";
  }

  private static String ratio(Row row, Row other) {
    var ratio = row.ratioTo(other);
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f-%.2f)",
        ratio.median(),
        ratio.lowerQuartile(),
        ratio.upperQuartile());
  }

  private @Nullable Row find(String label, CarrierMode mode, String classesBefore) {
    for (var row : rows) {
      if (row.subject.label().equals(label)
          && row.mode == mode
          && row.classesBefore.equals(classesBefore)) {
        return row;
      }
    }
    return null;
  }

  private static String nanos(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }
}
