// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Printable;
import org.waterspout.log.Log;

/**
 * What still holds on to a WAR's classes when the application has ended, so that they cannot be
 * collected. What can be let go safely is; threads are only named, since nobody but the application
 * knows how to end them. Virtual threads are not seen.
 *
 * @param drivers classes of JDBC drivers that the application left registered, and are no more
 * @param threads names of threads that still run, each with where it is
 */
public record LeakReport(List<String> drivers, List<String> threads) {
  public LeakReport {
    drivers = List.copyOf(drivers);
    threads = List.copyOf(threads);
  }

  /** Looks, once, after the application's own end and before its loader is closed. */
  public static LeakReport of(WarClassLoader loader) {
    ResourceBundle.clearCache(loader);
    return new LeakReport(deregisterDrivers(loader), threads(loader));
  }

  @SuppressWarnings("unchecked")
  private static List<String> deregisterDrivers(WarClassLoader loader) {
    try {
      Class<?> cleanup = loader.defineHere(DriverCleanup.class);
      return (List<String>) cleanup.getMethod("run").invoke(null);
    } catch (IOException | ReflectiveOperationException | LinkageError e) {
      Log.GENERAL.log(Level.WARNING, "the JDBC drivers of " + loader + " may stay registered", e);
      return List.of();
    }
  }

  private static List<String> threads(ClassLoader loader) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      Thread thread = entry.getKey();
      StackTraceElement[] stack = entry.getValue();
      boolean holds =
          isBelow(thread.getContextClassLoader(), loader)
              || isBelow(thread.getClass().getClassLoader(), loader);
      if (holds && !thread.equals(Thread.currentThread())) {
        names.add(thread.getName() + (stack.length == 0 ? "" : " in " + stack[0]));
      }
    }
    return names;
  }

  /** Whether a loader is that of the WAR, or one that the application made below it. */
  private static boolean isBelow(@Nullable ClassLoader loader, ClassLoader war) {
    ClassLoader each = loader;
    while (each != null && !each.equals(war)) {
      each = each.getParent();
    }
    return each != null;
  }

  /** One line for each finding, to be logged. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (String driver : drivers) {
      lines.add("the JDBC driver " + driver + " was left registered: it is not any more");
    }
    for (String thread : threads) {
      // A name may quote a request.
      lines.add("a thread still runs, and keeps all classes: " + Printable.of(thread));
    }
    return lines;
  }
}
