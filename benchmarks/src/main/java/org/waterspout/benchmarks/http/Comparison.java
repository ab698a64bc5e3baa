// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares servers by the processor time that one answer costs. For each workload every server gets
 * a process, which is kept for all rounds; in each round one after the other is asked, while the
 * others have nothing to do: so what else happens on the machine meets all alike.
 *
 * <pre>
 *   --rounds=10        how many rounds
 *   --millis=1000      how long each server is asked in each round
 *   --connections=64   how many clients ask at a time
 *   --warm-up=4        seconds of processor time that each server gets first
 *   --patience=20      seconds after which it has had enough, be it with less
 *   --only=REGEX       what "workload: server" contains
 *   --baseline=PATH    classes of another state of ours, which every round measures as well
 *   --out=FILE         where the tables go, besides standard output
 * </pre>
 */
final class Comparison {
  private final int rounds;
  private final long millis;
  private final int connections;
  private final Duration warmUp;
  private final Duration patience;
  private final Pattern only;
  private final String baseline;
  private final Set<String> versions = new TreeSet<>();
  private final List<? extends Server> servers;
  private final List<Report.Column> columns;

  private Comparison(String[] args, List<? extends Server> servers, List<Report.Column> columns) {
    this.servers = servers;
    rounds = Integer.parseInt(option(args, "rounds", "10"));
    millis = Long.parseLong(option(args, "millis", "1000"));
    connections = Integer.parseInt(option(args, "connections", "64"));
    warmUp = Duration.ofSeconds(Long.parseLong(option(args, "warm-up", "4")));
    patience = Duration.ofSeconds(Long.parseLong(option(args, "patience", "20")));
    only = Pattern.compile(option(args, "only", ""));
    baseline = option(args, "baseline", "");
    this.columns = new ArrayList<>(columns);
    if (!baseline.isEmpty()) {
      this.columns.add(Report.OF_BEFORE);
    }
  }

  static void main(String[] args) throws IOException {
    run(args, List.of(Contestant.values()), List.of(Report.OF_THE_BEST_PEER, Report.OF_BARE));
  }

  /** Compares these servers, and prints tables with these columns. */
  static void run(String[] args, List<? extends Server> servers, List<Report.Column> columns)
      throws IOException {
    var report = new Comparison(args, servers, columns).report();
    System.out.println("\n" + report);
    var out = option(args, "out", "");
    if (!out.isEmpty()) {
      Files.writeString(Path.of(out), report);
    }
  }

  static String option(String[] args, String name, String otherwise) {
    var start = "--" + name + "=";
    for (var arg : args) {
      if (arg.startsWith(start)) {
        return arg.substring(start.length());
      }
    }
    return otherwise;
  }

  private String report() throws IOException {
    var text = new StringBuilder();
    try (var load =
        Program.start(
            Program.LOAD,
            List.of("-Xmx128m", "-XX:+UseSerialGC"),
            System.getProperty("java.class.path"),
            Load.class)) {
      for (var workload : Workload.values()) {
        text.append(measure(workload, load));
      }
    }
    text.append(String.join(", ", versions)).append(". ");
    text.append("Java ").append(Runtime.version()).append(". ");
    text.append(Program.PINNED ? "Pinned to a core each" : "No taskset: not pinned").append(".\n");
    return text.toString();
  }

  private String measure(Workload workload, Program load) throws IOException {
    List<Subject> subjects = new ArrayList<>();
    try {
      for (var contestant : servers) {
        var label = workload.label + ": " + contestant.label();
        if (contestant.takesPartIn(workload) && only.matcher(label).find()) {
          subjects.add(start(contestant, workload, "", load));
          if (!baseline.isEmpty() && contestant.kind().ours()) {
            subjects.add(start(contestant, workload, baseline, load));
          }
        }
      }
      if (subjects.isEmpty()) {
        return "";
      }
      double before = loadAverage();
      for (int round = 1; round <= rounds; round++) {
        for (var subject : round % 2 == 0 ? subjects.reversed() : subjects) {
          subject.measure(load, connections, millis);
          var name = workload.label + ", " + subject.rounds.label;
          tell("round " + round + " of " + rounds + "  " + name + micros(subject.rounds.last()));
        }
      }
      var measured = subjects.stream().map(subject -> subject.rounds).toList();
      return new Report(workload.label, measured, columns).markdown()
          + "Load average %.1f to %.1f.\n\n".formatted(before, loadAverage());
    } finally {
      for (var subject : subjects) {
        subject.close();
      }
    }
  }

  private Subject start(Server contestant, Workload workload, String classesBefore, Program load)
      throws IOException {
    tell("warming up  " + workload.label + ", " + contestant.label());
    var subject = new Subject(contestant, workload, classesBefore);
    subject.warmUp(load, connections, warmUp, patience);
    if (!subject.version.isEmpty()) {
      versions.add(subject.version);
    }
    return subject;
  }

  private static String micros(double value) {
    return String.format(Locale.ROOT, ": %.2f µs", value);
  }

  static void tell(String text) {
    var now = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    System.out.println(now + "  " + text);
  }

  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
