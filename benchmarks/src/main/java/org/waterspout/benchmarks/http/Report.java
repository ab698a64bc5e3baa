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
  private final Workload workload;
  private final List<Subject> subjects;
  private final String baseline;

  Report(Workload workload, List<Subject> subjects, String baseline) {
    this.workload = workload;
    this.subjects = subjects;
    this.baseline = baseline;
  }

  String markdown() {
    var text = new StringBuilder("| ").append(workload.label);
    text.append(" | µs CPU | quartiles | least | per second | of the best peer | ");
    text.append(baseline.isEmpty() ? "of bare" : "of before");
    text.append(" |\n|---|---:|---:|---:|---:|---|---|\n");
    for (var subject : subjects) {
      var micros = subject.micros();
      text.append("| ").append(subject.label).append(" | ").append(number(micros.median()));
      text.append(" | ").append(number(micros.lowerQuartile()));
      text.append("-").append(number(micros.upperQuartile()));
      text.append(" | ").append(number(micros.least()));
      text.append(" | ").append("%,.0f".formatted(subject.perSecond().median()));
      text.append(" | ").append(ratio(subject, bestPeer()));
      text.append(" | ").append(ratio(subject, baseline.isEmpty() ? bare() : before(subject)));
      text.append(" |\n");
    }
    return text.append("\n").toString();
  }

  private Optional<Subject> bestPeer() {
    return subjects.stream()
        .filter(subject -> subject.contestant.peer())
        .min(Comparator.comparingDouble(subject -> subject.micros().median()));
  }

  private Optional<Subject> bare() {
    return subjects.stream().filter(each -> each.contestant == Contestant.BARE).findFirst();
  }

  private Optional<Subject> before(Subject after) {
    return subjects.stream()
        .filter(each -> each.contestant == after.contestant && !each.label.equals(after.label))
        .findFirst();
  }

  private static String ratio(Subject subject, Optional<Subject> other) {
    return other
        .filter(its -> !its.label.equals(subject.label))
        .map(its -> ratio(subject.ratioTo(its)))
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
