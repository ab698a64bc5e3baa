// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static org.waterspout.benchmarks.http.Comparison.option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.waterspout.benchmarks.Series;

/**
 * How long a client waits for a handler on the loop while mounted servlets compute on all cores,
 * where the loop has a carrier of its own and where it has not. The client asks, takes the answer,
 * pauses for two milliseconds and asks again.
 *
 * <pre>
 *   --rounds=10     how many rounds
 *   --millis=2000   how long each row is measured in each round
 *   --out=FILE      where the table goes, besides standard output
 * </pre>
 */
final class LoopLatency {
  private static final long PAUSE_MILLIS = 2;
  private static final long WARM_UP_MILLIS = 3_000;

  /** One carrier, with so many computing servlets beside the loop. */
  private record Row(String carrier, int port, int servlets, List<Double> micros) {
    void measure(long millis) throws IOException, InterruptedException {
      try (var _ = new BusyServlets(port, servlets);
          var channel = connect(port)) {
        Answer.ask(channel, Workload.HELLO);
        int length = Answer.take(channel, Workload.HELLO).length;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long asked = System.nanoTime(); asked < end; asked = System.nanoTime()) {
          Answer.ask(channel, Workload.HELLO);
          Answer.readFully(channel, length);
          micros.add((System.nanoTime() - asked) / 1e3);
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }

    private static SocketChannel connect(int port) throws IOException {
      return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    String markdown() {
      var series = new Series(micros);
      return "| %s | %d | %,d | %,.0f | %,.0f | %,.0f |\n"
          .formatted(
              carrier,
              servlets,
              micros.size(),
              series.median(),
              series.quantile(0.99),
              series.quantile(1));
    }
  }

  private LoopLatency() {}

  static void main(String[] args) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(option(args, "rounds", "10"));
    long millis = Long.parseLong(option(args, "millis", "2000"));
    double before = Comparison.loadAverage();
    try (var custom = start(Kind.OURS);
        var byDefault = start(Kind.OURS_ON_DEFAULT_CARRIER)) {
      var rows = rows("custom", custom);
      rows.addAll(rows("default", byDefault));
      for (var row : rows) {
        row.measure(WARM_UP_MILLIS);
        row.micros.clear();
      }
      for (int round = 1; round <= rounds; round++) {
        for (var row : round % 2 == 0 ? rows.reversed() : rows) {
          row.measure(millis);
        }
        Comparison.tell("round " + round + " of " + rounds);
      }
      report(rows, before, option(args, "out", ""));
    }
  }

  private static Program start(Kind kind) throws IOException {
    return Program.start(
        Program.BOTH,
        Contestant.jvmArguments(kind),
        System.getProperty("java.class.path"),
        LatencyServer.class);
  }

  private static List<Row> rows(String carrier, Program server) throws IOException {
    int port = Integer.parseInt(server.answer().strip());
    List<Row> rows = new ArrayList<>();
    for (int servlets : new int[] {0, 2, 8}) {
      rows.add(new Row(carrier, port, servlets, new ArrayList<>()));
    }
    return rows;
  }

  private static void report(List<Row> rows, double loadBefore, String out) throws IOException {
    var text = new StringBuilder("| carrier | servlets | requests | median µs | 99 % | most |\n");
    text.append("|---|---:|---:|---:|---:|---:|\n");
    rows.forEach(row -> text.append(row.markdown()));
    text.append("\nLoad average %.1f to %.1f.\n".formatted(loadBefore, Comparison.loadAverage()));
    System.out.println("\n" + text);
    if (!out.isEmpty()) {
      Files.writeString(Path.of(out), text);
    }
  }
}
