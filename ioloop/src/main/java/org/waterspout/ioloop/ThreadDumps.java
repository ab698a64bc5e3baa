// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * The thread dumps that the {@link Watchdog} makes to find who owns a monitor. A dump has all
 * threads of the process and costs some 50 microseconds of processor time for each of them. So
 * there is at most one for all loops that are looked at together, none while very many coroutines
 * are parked in them, and none for a while after the last one. It is a file, and read line by line.
 *
 * <p>Life: {@link #beginLook}, any number of {@link #ownerOfMonitor}, {@link #endLook}; again.
 * Confined to the watchdog's thread.
 */
final class ThreadDumps {
  static final int MAX_PARKED = 10_000; // in all watched loops together
  static final int REST = 100; // times as long as the last dump took
  private static final String FILE = "threads.txt";

  private final LongSupplier clock;
  private String reasonNot = ""; // why this look gets no dump; empty: it may have one
  private @Nullable Path directory; // of this look's dump; null if there is none
  private long lastEnd;
  private long lastDuration; // 0: there was none yet

  ThreadDumps(LongSupplier clock) {
    this.clock = clock;
  }

  /** Loops in which so many coroutines are parked are looked at. */
  void beginLook(long parked) {
    var rest = lastDuration * REST;
    if (parked > MAX_PARKED) {
      reasonNot = "more than " + MAX_PARKED + " coroutines are parked";
    } else if (rest > 0 && clock.getAsLong() - lastEnd < rest) {
      reasonNot = "that was done for another one not long ago";
    } else {
      reasonNot = "";
    }
  }

  /** Deletes the dump, if there was one. */
  void endLook() {
    var done = directory;
    if (done == null) {
      return;
    }
    directory = null;
    try {
      Files.deleteIfExists(done.resolve(FILE));
      Files.delete(done);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "cannot delete a thread dump", e);
    }
  }

  /** Lines about the owner of the monitor for which a thread waits; empty if it is not found. */
  String ownerOfMonitor(Thread waiting) throws IOException {
    if (!reasonNot.isEmpty()) {
      return "\nWhose monitor it waits for was not looked up: " + reasonNot;
    }
    if (directory == null) {
      directory = Files.createTempDirectory("waterspout");
      reasonNot = "that failed for another one"; // unless this goes well
      dumpTo(directory.resolve(FILE));
      reasonNot = "";
    }
    return ownerOfMonitor(waiting.threadId(), directory.resolve(FILE));
  }

  private void dumpTo(Path file) throws IOException {
    var begin = clock.getAsLong();
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
    } finally {
      lastEnd = clock.getAsLong();
      lastDuration = lastEnd - begin;
    }
  }

  /** The same, from a dump of JDK 25: paragraphs of {@code #id "name"} and its frames. */
  static String ownerOfMonitor(long waiting, Path dump) throws IOException {
    var monitor = monitorOf(waiting, dump);
    return monitor == null ? "" : ownerOf(monitor, dump);
  }

  private static @Nullable String monitorOf(long waiting, Path dump) throws IOException {
    try (var lines = Files.newBufferedReader(dump)) {
      var its = false; // the line is about the waiting thread
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          its = line.startsWith("#" + waiting + " ");
        } else if (its && line.strip().startsWith("- waiting to lock <")) {
          return line.substring(line.indexOf('<'));
        }
      }
      return null;
    }
  }

  private static String ownerOf(String monitor, Path dump) throws IOException {
    try (var lines = Files.newBufferedReader(dump)) {
      var thread = new ArrayList<String>();
      var owns = false;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          if (owns) {
            break;
          }
          thread.clear();
        }
        owns |= line.strip().equals("- locked " + monitor);
        if (!line.isBlank()) {
          thread.add(line);
        }
      }
      return owns ? "\nIt waits for " + monitor + " of " + String.join("\n", thread) : "";
    }
  }
}
