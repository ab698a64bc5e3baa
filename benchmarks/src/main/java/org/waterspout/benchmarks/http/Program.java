// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class in a process of its own, on certain cores, which ends when its input does. */
final class Program implements AutoCloseable {
  /** The core on which all servers run. */
  static final String SERVERS = "1";

  /** The core of what asks them. */
  static final String LOAD = "0";

  /** Both of them. */
  static final String BOTH = LOAD + "," + SERVERS;

  /** Whether {@code taskset} is there and can do it; if not, processes run where they like. */
  static final boolean PINNED = canPin();

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private Program(Process process) {
    this.process = process;
    orders = process.outputWriter();
    answers = process.inputReader();
  }

  static Program start(
      String cores, List<String> jvmArguments, String classPath, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (PINNED) {
      command.addAll(List.of("taskset", "-c", cores));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new Program(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  private static boolean canPin() {
    try {
      var command = List.of("taskset", "-c", BOTH, "true");
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  long pid() {
    return process.pid();
  }

  /** The next line that it prints. */
  String answer() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new EOFException("a process of the comparison has ended");
    }
    return line;
  }

  /** Gives it an order, and waits for the line with which it answers. */
  String order(String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
    return answer();
  }

  @Override
  public void close() throws IOException {
    orders.close();
    process.onExit().join();
  }
}
