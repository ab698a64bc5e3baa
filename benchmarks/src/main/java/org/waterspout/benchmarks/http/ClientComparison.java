// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.benchmarks.http.Comparison.loadAverage;
import static org.waterspout.benchmarks.http.Comparison.option;
import static org.waterspout.benchmarks.http.Comparison.tell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares clients by the processor time that one fetch over a kept connection costs, as {@link
 * Comparison} does servers. A server of ours, or a bare one, answers all of them.
 *
 * <pre>
 *   --rounds=10        how many rounds
 *   --millis=1000      how long each client fetches in each round
 *   --connections=64   how many fetches are under way at a time
 *   --warm-up=6        seconds of processor time that each client gets first
 *   --only=REGEX       what "workload: client" contains
 *   --out=FILE         where the tables go, besides standard output
 * </pre>
 */
final class ClientComparison {
  private static final List<Workload> WORKLOADS =
      List.of(Workload.HELLO, Workload.POST, Workload.DOWNLOAD);
  private static final Duration MOST_TO_WARM_UP = Duration.ofSeconds(30);

  private final int rounds;
  private final long millis;
  private final int connections;
  private final Duration warmUp;
  private final Pattern only;
  private final Set<String> versions = new TreeSet<>();

  private ClientComparison(String[] args) {
    rounds = Integer.parseInt(option(args, "rounds", "10"));
    millis = Long.parseLong(option(args, "millis", "1000"));
    connections = Integer.parseInt(option(args, "connections", "64"));
    warmUp = Duration.ofSeconds(Long.parseLong(option(args, "warm-up", "6")));
    only = Pattern.compile(option(args, "only", ""));
  }

  static void main(String[] args) throws IOException {
    var report = new ClientComparison(args).report();
    System.out.println("\n" + report);
    var out = option(args, "out", "");
    if (!out.isEmpty()) {
      Files.writeString(Path.of(out), report);
    }
  }

  private String report() throws IOException {
    var text = new StringBuilder();
    for (var workload : WORKLOADS) {
      text.append(measure(workload));
    }
    versions.remove("");
    text.append(String.join(", ", versions)).append(". ");
    text.append("Java ").append(Runtime.version()).append(". ");
    text.append(Program.PINNED ? "Pinned to a core each" : "No taskset: not pinned").append(".\n");
    return text.toString();
  }

  private String measure(Workload workload) throws IOException {
    var answering = workload == Workload.HELLO ? Contestant.BARE : Contestant.RAW;
    List<ClientSubject> subjects = new ArrayList<>();
    try (var server =
        Program.start(
            Program.LOAD,
            Contestant.jvmArguments(answering.kind()),
            System.getProperty("java.class.path"),
            answering.program())) {
      var port = server.answer().split(" ", 2)[0];
      for (var contestant : ClientContestant.values()) {
        if (only.matcher(workload.label + ": " + contestant.label).find()) {
          tell("warming up  " + workload.label + ", " + contestant.label);
          var subject = new ClientSubject(contestant, workload, port);
          subjects.add(subject);
          subject.warmUp(connections, warmUp, MOST_TO_WARM_UP);
          versions.add(subject.version);
        }
      }
      return subjects.isEmpty() ? "" : measure(workload, subjects);
    } finally {
      for (var subject : subjects) {
        subject.close();
      }
    }
  }

  private String measure(Workload workload, List<ClientSubject> subjects) throws IOException {
    double before = loadAverage();
    for (int round = 1; round <= rounds; round++) {
      for (var subject : round % 2 == 0 ? subjects.reversed() : subjects) {
        subject.measure(connections, millis);
        var its = workload.label + ", " + subject.rounds.label;
        var micros = String.format(Locale.ROOT, ": %.2f µs", subject.rounds.last());
        tell("round " + round + " of " + rounds + "  " + its + micros);
      }
    }
    var measured = subjects.stream().map(subject -> subject.rounds).toList();
    return new Report(workload.label, measured, List.of(Report.OF_THE_BEST_PEER)).markdown()
        + "Load average %.1f to %.1f.\n\n".formatted(before, loadAverage());
  }
}
