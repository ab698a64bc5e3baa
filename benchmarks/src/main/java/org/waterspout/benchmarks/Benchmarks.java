// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs all benchmarks and prints a table. In each round every one of them runs once on each
 * carrier, each time in a JVM of its own: so what else happens on the machine meets all alike.
 *
 * <pre>
 *   --rounds=10        how many rounds
 *   --only=REGEX       what the label of a benchmark contains
 *   --baseline=PATH    classes of another state of the loop, which every round measures as well
 *   --out=FILE         where the table goes, besides standard output
 * </pre>
 */
final class Benchmarks {
  private static final List<Subject> SUBJECTS =
      List.of(
          Subject.of("callback, among 500", "CallbackBenchmark.amongMany"),
          Subject.of("callback, alone", "CallbackBenchmark.alone"),
          Subject.of("callback from another thread", "CallbackBenchmark.fromOutside"),
          Subject.of("timeout removed, one set; 10,000", "TimeoutBenchmark.replaceAmong10000"),
          Subject.await(1, "await, 1 coroutine"),
          Subject.await(1000, "await, 1,000 coroutines"),
          Subject.echo(EchoBenchmark.Server.BARE, 64),
          Subject.echo(EchoBenchmark.Server.PUSH, 64),
          Subject.echo(EchoBenchmark.Server.PULL, 64),
          Subject.echo(EchoBenchmark.Server.BARE, 1),
          Subject.echo(EchoBenchmark.Server.PUSH, 1),
          Subject.echo(EchoBenchmark.Server.PULL, 1));

  private Benchmarks() {}

  static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    var only = Pattern.compile(option(args, "only", ""));
    var baseline = option(args, "baseline", "");
    var rows = rows(only, baseline);
    measure(rows, Integer.parseInt(option(args, "rounds", "10")));
    var report = new Table(rows, baseline).markdown() + Memory.report(only);
    System.out.println("\n" + report);
    var out = option(args, "out", "");
    if (!out.isEmpty()) {
      Files.writeString(Path.of(out), report);
    }
  }

  private static String option(String[] args, String name, String otherwise) {
    var start = "--" + name + "=";
    for (var arg : args) {
      if (arg.startsWith(start)) {
        return arg.substring(start.length());
      }
    }
    return otherwise;
  }

  private static List<Row> rows(Pattern only, String baseline) {
    var rows = new ArrayList<Row>();
    for (var subject : SUBJECTS) {
      if (only.matcher(subject.label()).find()) {
        for (var mode : CarrierMode.values()) {
          rows.add(new Row(subject, mode, ""));
          if (!baseline.isEmpty()) {
            rows.add(new Row(subject, mode, baseline));
          }
        }
      }
    }
    return rows;
  }

  private static void measure(List<Row> rows, int rounds) throws RunnerException {
    for (int round = 1; round <= rounds; round++) {
      for (var row : round % 2 == 0 ? rows.reversed() : rows) {
        row.run();
        System.out.printf(
            Locale.ROOT,
            "%s  round %d of %d  %s, %s%s: %.1f ns CPU, %.1f ns wall%n",
            LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
            round,
            rounds,
            row.subject.label(),
            row.mode.label(),
            row.classesBefore.isEmpty() ? "" : ", before",
            row.cpu.getLast(),
            row.wall.getLast());
      }
    }
  }
}
