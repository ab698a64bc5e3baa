// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** An example in a process of its own, on any free port. */
final class ExampleProcess implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("https?://localhost:([0-9]+)");

  final int port;
  private final Process process;
  private final BufferedReader output;

  /** Starts it with options besides {@code --port=0}, in a heap of so many MiB. */
  ExampleProcess(Class<?> example, int heap, String... options) throws IOException {
    process = start(example, List.of("-Xmx" + heap + "m", "-XX:+UseSerialGC"), options);
    output = process.inputReader();
    port = awaitPort();
  }

  private static Process start(Class<?> example, List<String> jvm, String... options)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), example.getName()));
    command.add("--port=0");
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start(); // without what java says of those
  }

  private int awaitPort() throws IOException {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      var found = PORT.matcher(line);
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("the server has ended");
  }

  /** What an example prints before it ends by itself. */
  static String outputOf(Class<?> example, String... options) throws Exception {
    var process = start(example, List.of(), options);
    try (var output = process.inputReader()) {
      return output.readAllAsString();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
    output.close();
  }
}
