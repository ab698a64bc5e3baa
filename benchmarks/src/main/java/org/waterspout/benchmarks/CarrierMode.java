// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What the virtual threads of a measured loop ride. {@link BenchmarkLoop} checks it. */
enum CarrierMode {
  CUSTOM,
  DEFAULT;

  /** As the tables call it. */
  String label() {
    return switch (this) {
      case CUSTOM -> "custom";
      case DEFAULT -> "default";
    };
  }

  /** Arguments of a JVM that measures in this mode. */
  List<String> jvmArguments() {
    var arguments = new ArrayList<>(List.of("-Xms1g", "-Xmx1g"));
    arguments.add("--sun-misc-unsafe-memory-access=allow"); // JMH's own
    arguments.add("-D" + BenchmarkLoop.CARRIER + "=" + label());
    if (this == CUSTOM) {
      arguments.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    return arguments;
  }
}
