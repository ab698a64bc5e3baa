// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Compares an Application in a servlet container with servlets that are written for it by hand, in
 * the same container. The options are those of {@link Comparison}.
 */
final class AdapterComparison {
  private AdapterComparison() {}

  static void main(String[] args) throws IOException {
    Comparison.run(
        args,
        InContainer.all(),
        List.of(
            new Report.Column(
                "of the asynchronous one", (one, all) -> way(Way.ASYNCHRONOUS, one, all)),
            new Report.Column("of the blocking one", (one, all) -> way(Way.BLOCKING, one, all))));
  }

  /** What goes this way in the container of the other. */
  private static Optional<Rounds> way(Way way, Rounds other, List<Rounds> all) {
    var name = new InContainer(InContainer.named(other.name).container(), way).name();
    return all.stream().filter(one -> one.name.equals(name)).findFirst();
  }
}
