// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The programs that print bytes of heap, each run in a JVM of its own. */
final class Memory {
  private Memory() {}

  /** Runs those whose label contains the pattern, on each carrier. */
  static String report(Pattern only) throws IOException, InterruptedException {
    var text = new StringBuilder();
    for (var mode : CarrierMode.values()) {
      append(text, only, "suspended coroutine", SuspendedCoroutines.class, mode);
      append(text, only, "idle stream", IdleStreams.class, mode);
    }
    return text.isEmpty() ? "" : "\n| bytes of heap for one | carrier | |\n|---|---|---:|\n" + text;
  }

  private static void append(
      StringBuilder text, Pattern only, String label, Class<?> program, CarrierMode mode)
      throws IOException, InterruptedException {
    if (only.matcher(label).find()) {
      text.append("| ").append(label).append(" | ").append(mode.label());
      text.append(" | ").append(run(program, mode)).append(" |\n");
    }
  }

  private static String run(Class<?> program, CarrierMode mode)
      throws IOException, InterruptedException {
    System.out.println("measuring heap: " + program.getSimpleName() + ", " + mode.label());
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(mode.jvmArguments());
    command.add("-XX:+UseSerialGC"); // counts to the byte what is in use
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
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
