// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Compares servers that host the same servlets. The options are those of {@link Comparison}. */
final class BridgeComparison {
  private BridgeComparison() {}

  static void main(String[] args) throws IOException {
    Comparison.run(
        args,
        List.of(Host.values()),
        List.of(
            Report.OF_THE_BEST_PEER,
            new Report.Column("of Jetty", (_, all) -> named(Host.JETTY, all)),
            new Report.Column("of Tomcat", (_, all) -> named(Host.TOMCAT, all)),
            new Report.Column("of Undertow", (_, all) -> named(Host.UNDERTOW, all))));
  }

  private static Optional<Rounds> named(Host host, List<Rounds> all) {
    return all.stream().filter(one -> one.name.equals(host.name())).findFirst();
  }
}
