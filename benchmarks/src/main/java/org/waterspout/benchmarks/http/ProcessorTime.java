// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The processor time that the threads of another process have had, user and system, as Linux's
 * scheduler counts it: to the nanosecond, where the JDK's own figure has steps of ten milliseconds.
 */
final class ProcessorTime {
  private final Path tasks;
  private Map<String, Long> before = Map.of();

  ProcessorTime(long pid) {
    tasks = Path.of("/proc", Long.toString(pid), "task");
  }

  void start() throws IOException {
    before = ofThreads();
  }

  /** Nanoseconds since the start, of the threads that are still there. */
  long sinceStart() throws IOException {
    long nanos = 0;
    for (var thread : ofThreads().entrySet()) {
      nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    return nanos;
  }

  private Map<String, Long> ofThreads() throws IOException {
    Map<String, Long> nanos = new HashMap<>();
    try (var threads = Files.newDirectoryStream(tasks)) {
      for (var thread : threads) {
        try {
          var fields = Files.readString(thread.resolve("schedstat")).split(" ", 2);
          nanos.put(thread.getFileName().toString(), Long.valueOf(fields[0]));
        } catch (NoSuchFileException ended) {
          // between the listing and the look
        }
      }
    }
    return nanos;
  }
}
