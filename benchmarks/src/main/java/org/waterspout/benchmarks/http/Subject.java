// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A server under a workload, as a process that is kept for all rounds: what each round gave. */
final class Subject implements AutoCloseable {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  final Rounds rounds;
  final String version;
  private final Workload workload;
  private final Program server;
  private final int port;

  /** Starts it; other classes of ours than these may be put in front. */
  Subject(Server contestant, Workload workload, String classesBefore) throws IOException {
    this.workload = workload;
    var label = contestant.label() + (classesBefore.isEmpty() ? "" : ", before");
    this.rounds = new Rounds(contestant.name(), label, contestant.kind());
    var classPath = classesBefore.isEmpty() ? CLASS_PATH : classesBefore + ":" + CLASS_PATH;
    server =
        Program.start(
            Program.SERVERS,
            Contestant.jvmArguments(contestant.kind()),
            classPath,
            contestant.program(),
            contestant.name(),
            workload.name());
    var ready = server.answer().split(" ", 2);
    port = Integer.parseInt(ready[0]);
    version = ready[1];
  }

  /** Asks it for so long, and notes what that cost. */
  void measure(Program load, int connections, long millis) throws IOException {
    var numbers = ask(load, connections, millis);
    rounds.add(numbers[0], numbers[1], numbers[2]);
  }

  /** Asks it until it has had so much processor time, or other processes leave it too little. */
  void warmUp(Program load, int connections, Duration processorTime, Duration atMost)
      throws IOException {
    long begin = System.nanoTime();
    double had = 0;
    while (had < processorTime.toNanos() && System.nanoTime() - begin < atMost.toNanos()) {
      had += ask(load, connections, 1_000)[1];
    }
  }

  private double[] ask(Program load, int connections, long millis) throws IOException {
    var order =
        List.of(workload.name(), port, server.pid(), workload.connections(connections), millis);
    var answer = load.order(String.join(" ", order.stream().map(String::valueOf).toList()));
    var numbers = new double[3];
    var words = answer.split(" ", -1);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.parseDouble(words[i]);
    }
    return numbers;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
