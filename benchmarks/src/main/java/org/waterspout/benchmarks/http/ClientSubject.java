// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.time.Duration;

/** A client under a workload, as a process that is kept for all rounds: what each round gave. */
final class ClientSubject implements AutoCloseable {
  final Rounds rounds;
  final String version;
  private final Program client;
  private final ProcessorTime time;

  ClientSubject(ClientContestant contestant, Workload workload, String port) throws IOException {
    rounds = new Rounds(contestant.name(), contestant.label, contestant.kind);
    client =
        Program.start(
            Program.SERVERS, // the core of what is measured
            Contestant.jvmArguments(contestant.kind),
            System.getProperty("java.class.path"),
            contestant.program,
            workload.name(),
            port);
    version = client.answer();
    time = new ProcessorTime(client.pid());
  }

  /** Lets it fetch for so long, and notes what that cost. */
  void measure(int concurrency, long millis) throws IOException {
    time.start();
    var words = client.order(concurrency + " " + millis).split(" ", 2);
    rounds.add(
        Double.parseDouble(words[0]), (double) time.sinceStart(), Double.parseDouble(words[1]));
  }

  /** Lets it fetch until it has had so much processor time, or others leave it too little. */
  void warmUp(int concurrency, Duration processorTime, Duration atMost) throws IOException {
    long begin = System.nanoTime();
    long had = 0;
    while (had < processorTime.toNanos() && System.nanoTime() - begin < atMost.toNanos()) {
      time.start();
      client.order(concurrency + " 1000");
      had += time.sinceStart();
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
