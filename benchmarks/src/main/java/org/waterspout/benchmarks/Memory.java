// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The programs that print bytes of memory, each run in a JVM of its own. */
final class Memory {
  private static final String HEAP =
      """

      | bytes of heap for one | carrier | |
      |---|---|---:|
      """;

  private static final String CONNECTION =
      """

      | bytes for one idle connection | carrier | heap | process | heap when closed |
      |---|---|---:|---:|---:|
      """;

  /** A heap that is in memory as far as it is in use, and not much further. */
  private static final List<String> TIGHT_HEAP =
      List.of(
          "-Xms32m",
          "-Xmn16m",
          "-XX:MinHeapFreeRatio=2",
          "-XX:MaxHeapFreeRatio=5",
          "-XX:+AlwaysPreTouch");

  private final Pattern only;

  private Memory(Pattern only) {
    this.only = only;
  }

  /** Runs those whose label contains the pattern, on each carrier. */
  static String report(Pattern only) throws IOException, InterruptedException {
    return new Memory(only).report();
  }

  private String report() throws IOException, InterruptedException {
    var heap = new StringBuilder();
    var connections = new StringBuilder();
    for (var mode : CarrierMode.values()) {
      append(heap, "suspended coroutine", mode, SuspendedCoroutines.class);
      append(heap, "idle socket, bare selector", mode, IdleSockets.class);
      append(heap, "idle stream", mode, IdleStreams.class);
      for (var talk : Talk.values()) {
        append(connections, talk.label(), mode, IdleServer.class, talk.name());
      }
    }
    return table(HEAP, heap) + table(CONNECTION, connections);
  }

  private static String table(String head, StringBuilder rows) {
    return rows.isEmpty() ? "" : head + rows;
  }

  private void append(
      StringBuilder rows, String label, CarrierMode mode, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    if (only.matcher(label).find()) {
      System.out.println("measuring memory: " + label + ", " + mode.label());
      rows.append("| ").append(label).append(" | ").append(mode.label());
      rows.append(" | ").append(run(program, mode, arguments)).append(" |\n");
    }
  }

  private static String run(Class<?> program, CarrierMode mode, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(mode.jvmArguments());
    command.addAll(TIGHT_HEAP);
    command.add("-XX:+UseSerialGC"); // counts to the byte what is in use
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    var output = process.inputReader().readLine();
    if (process.waitFor() != 0 || output == null) {
      throw new IOException(program.getSimpleName() + " failed");
    }
    return output;
  }

  /** The program that started this JVM. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
