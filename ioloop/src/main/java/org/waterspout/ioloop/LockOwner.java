// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * Who owns the lock that a thread waits for: often a coroutine that was parked in an await while it
 * held the lock.
 *
 * <p>The owner of a monitor is found in a thread dump, if the module {@code jdk.management} is
 * there. The owner of a {@link java.util.concurrent.locks.ReentrantLock} is in no dump of JDK 25;
 * it can be asked for where {@code java.base/java.util.concurrent.locks} is open.
 */
final class LockOwner {
  private static final @Nullable Method OWNER = probeOwner();

  private LockOwner() {}

  private static @Nullable Method probeOwner() {
    try {
      var method = AbstractOwnableSynchronizer.class.getDeclaredMethod("getExclusiveOwnerThread");
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException notOpen) {
      return null;
    }
  }

  /** More lines for a log entry; empty if the thread waits for no lock, or nothing is known. */
  static String describe(Thread waiting) {
    try {
      if (waiting.getState() == Thread.State.BLOCKED) {
        return ofMonitor(waiting);
      }
      return LockSupport.getBlocker(waiting) instanceof AbstractOwnableSynchronizer lock
          ? ofLock(lock)
          : "";
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      Log.GENERAL.log(Level.DEBUG, "cannot find the owner of a lock", e);
      return "";
    }
  }

  private static String ofLock(AbstractOwnableSynchronizer lock)
      throws ReflectiveOperationException {
    var text = new StringBuilder("\nIt waits for ").append(lock.getClass().getName());
    if (OWNER == null) {
      return text.append(" (open java.base/java.util.concurrent.locks to see whose it is)")
          .toString();
    }
    if (!(OWNER.invoke(lock) instanceof Thread owner)) {
      return "";
    }
    text.append(" of ").append(owner);
    Stall.append(text, owner.getStackTrace());
    return text.toString();
  }

  private static String ofMonitor(Thread waiting) throws IOException {
    var directory = Files.createTempDirectory("waterspout");
    var file = directory.resolve("threads.txt");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return ofMonitor(waiting.threadId(), Files.readAllLines(file));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  /** The same, from a thread dump of JDK 25: paragraphs of {@code #id "name"} and its frames. */
  static String ofMonitor(long waiting, List<String> dump) {
    var threads = threads(dump);
    for (var thread : threads) {
      if (thread.getFirst().startsWith("#" + waiting + " ")) {
        for (var line : thread) {
          if (line.strip().startsWith("- waiting to lock <")) {
            var monitor = line.substring(line.indexOf('<'));
            return ofMonitor(monitor, threads);
          }
        }
      }
    }
    return "";
  }

  private static String ofMonitor(String monitor, List<List<String>> threads) {
    for (var thread : threads) {
      if (thread.stream().anyMatch(line -> line.strip().equals("- locked " + monitor))) {
        return "\nIt waits for " + monitor + " of " + String.join("\n", thread);
      }
    }
    return "";
  }

  private static List<List<String>> threads(List<String> dump) {
    var threads = new ArrayList<List<String>>();
    for (var line : dump) {
      if (line.startsWith("#")) {
        threads.add(new ArrayList<>(List.of(line)));
      } else if (!threads.isEmpty() && !line.isBlank()) {
        threads.getLast().add(line);
      }
    }
    return threads;
  }
}
