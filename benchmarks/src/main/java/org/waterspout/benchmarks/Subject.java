// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to be measured.
 *
 * @param yardstick the label of what its cost is compared with, if there is such a thing
 * @param method class and method of the JMH benchmark
 */
record Subject(
    String label, @Nullable String yardstick, String method, Map<String, String> parameters) {
  static Subject of(String label, String method) {
    return new Subject(label, null, method, Map.of());
  }

  static Subject await(int coroutines, String label) {
    return new Subject(
        label, null, "AwaitBenchmark.roundTrip", Map.of("coroutines", String.valueOf(coroutines)));
  }

  static Subject echo(EchoBenchmark.Server server, int connections) {
    return new Subject(
        echoLabel(server, connections),
        server == EchoBenchmark.Server.BARE
            ? null
            : echoLabel(EchoBenchmark.Server.BARE, connections),
        "EchoBenchmark.echo",
        Map.of("server", server.name(), "connections", String.valueOf(connections)));
  }

  private static String echoLabel(EchoBenchmark.Server server, int connections) {
    var clients = connections == 1 ? "1 client" : connections + " clients";
    return switch (server) {
      case BARE -> "echo, " + clients + ", bare selector";
      case PUSH -> "echo, " + clients + ", stream with a reader";
      case PULL -> "echo, " + clients + ", stream with awaits";
    };
  }
}
