// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, whose output is kept. Every wait has a deadline. It is killed
 * at the latest when this JVM exits.
 */
final class ServerProcess implements AutoCloseable {
  /** What a server is started with that is to be gone soon. */
  static final List<String> OPTIONS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final long DEADLINE_SECONDS = 180; // on a machine that does much else

  private final Process process;
  private final Thread killer;
  private final List<String> lines = new ArrayList<>(); // its own lock
  private final int port;
  private boolean ended; // under the lock of the lines

  /**
   * Starts it in a folder and waits until it has printed where it listens.
   *
   * @param environment comes on top of ours
   * @param port finds the line that tells the port, which is its first group
   */
  ServerProcess(Path folder, List<String> command, Map<String, String> environment, Pattern port)
      throws Exception {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    process = builder.start();
    killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    Thread.ofVirtual().start(this::collect);
    try {
      this.port = Integer.parseInt(await(port, 0).group(1));
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  int port() {
    return port;
  }

  /** The java that runs this. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private void collect() {
    try {
      process.inputReader().lines().forEach(this::add);
    } catch (UncheckedIOException e) {
      add("(its output broke off: " + e.getMessage() + ")"); // it was killed
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** How many lines it has printed. */
  int printed() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** What it has printed, from a line on. */
  String output(int from) {
    synchronized (lines) {
      return String.join("\n", lines.subList(from, lines.size()));
    }
  }

  /** Waits for a line in which the pattern is found, from a line on. */
  MatchResult await(Pattern pattern, int from) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    synchronized (lines) {
      for (int next = from; ; next++) {
        while (next == lines.size()) {
          long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          if (ended || left <= 0) {
            throw new AssertionError(
                "no line like " + pattern + (ended ? ", and it has ended" : "") + "\n" + output(0));
          }
          lines.wait(left);
        }
        var found = pattern.matcher(lines.get(next));
        if (found.find()) {
          return found.toMatchResult();
        }
      }
    }
  }

  /** Ends its standard input or, for those that do not mind, sends it the signal to stop. */
  @Override
  public void close() throws Exception {
    process.outputWriter().close();
    if (!process.waitFor(1, TimeUnit.SECONDS)) {
      process.destroy();
    }
    boolean stopped = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    Runtime.getRuntime().removeShutdownHook(killer);
    if (!stopped) {
      throw new AssertionError("it did not stop\n" + output(0));
    }
  }
}
