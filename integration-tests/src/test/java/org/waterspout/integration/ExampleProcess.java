// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** An example in a process of its own, on any free port. */
final class ExampleProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("https?://localhost:[0-9]+");

  private final Process process;
  private final BufferedReader output;
  private final String url;

  ExampleProcess(String name, String... options) throws IOException {
    this(name, List.of(options), System.getProperty("java.class.path"));
  }

  /** One that compiles the JSP pages of WARs. */
  static ExampleProcess withPages(String name, String... options) throws IOException {
    var classPath = System.getProperty("java.class.path") + ":../examples/pages/target/lib/*";
    return new ExampleProcess(name, List.of(options), classPath);
  }

  private ExampleProcess(String name, List<String> options, String classPath) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath));
    command.addAll(List.of("org.waterspout.examples." + name, "--port=0"));
    command.addAll(options);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    process = builder.start();
    output = process.inputReader();
    url = awaitURL();
    Thread.ofVirtual().start(this::readOn);
  }

  private String awaitURL() throws IOException {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      var found = LISTENING.matcher(line);
      if (found.find()) {
        return found.group();
      }
    }
    throw new IOException("the example has ended");
  }

  /** Or it would wait for somebody to read its log. */
  private void readOn() {
    output.lines().forEach(_ -> {});
  }

  String url(String path) {
    return url + path;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
  }
}
