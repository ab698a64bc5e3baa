// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.waterspout.log.Log;
import org.waterspout.routing.Mount;

/**
 * The mounts of an application, started together by the first who serves it and stopped by the
 * last. All or none are started. Callable from any thread but a loop's.
 */
final class Mounts {
  private record Mounted(String prefix, Mount mount) {}

  private final List<Mounted> mounts = new ArrayList<>();
  private final Set<Mount> known = Collections.newSetFromMap(new IdentityHashMap<>());
  private int users;

  void add(String prefix, Mount mount) {
    if (!known.add(mount)) {
      throw new IllegalArgumentException("mounted twice: " + mount);
    }
    mounts.add(new Mounted(prefix, mount));
  }

  void addAll(Mounts others) {
    others.mounts.forEach(mounted -> add(mounted.prefix(), mounted.mount()));
  }

  synchronized void start() {
    if (users == 0) {
      startAll();
    }
    users++;
  }

  synchronized void stop() {
    if (users == 0) {
      return;
    }
    users--;
    if (users == 0) {
      stopAll(mounts);
    }
  }

  private void startAll() {
    List<Mounted> started = new ArrayList<>();
    for (Mounted mounted : mounts) {
      try {
        mounted.mount().start(mounted.prefix());
        started.add(mounted);
      } catch (Exception | LinkageError e) { // of what is mounted, a part may be missing
        stopAll(started);
        throw new IllegalStateException(
            "the mount at \"" + mounted.prefix() + "\" does not start: " + e.getMessage(), e);
      }
    }
  }

  private static void stopAll(List<Mounted> started) {
    for (Mounted mounted : started.reversed()) {
      try {
        mounted.mount().stop();
      } catch (RuntimeException | Error e) {
        Log.APPLICATION.log(
            System.Logger.Level.ERROR, () -> "Exception in stop of " + mounted.prefix(), e);
      }
    }
  }
}
