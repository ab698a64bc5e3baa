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
import org.waterspout.routing.PrefixMatches;
import org.waterspout.routing.Rule;

/**
 * The mounts of an application, started together by the first who serves it and stopped by the
 * last. All or none are started. Callable from any thread but a loop's.
 */
final class Mounts {
  /** A mount and where it stands. */
  record Mounted(String prefix, Mount mount) {}

  private List<Mounted> running = List.of();
  private int users;

  /**
   * The mounts that stand in rules, and in the routers and applications within them.
   *
   * @throws IllegalArgumentException if one of them stands there twice
   */
  static List<Mounted> in(List<Rule> rules) {
    Set<Mount> known = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Mounted> mounts = new ArrayList<>();
    for (Rule rule : Routes.all(rules).toList()) {
      if (rule.delegate() instanceof Mount mount) {
        if (!known.add(mount)) {
          throw new IllegalArgumentException("mounted twice: " + mount);
        }
        String prefix = rule.matcher() instanceof PrefixMatches(String its) ? its : "";
        mounts.add(new Mounted(prefix, mount));
      }
    }
    return mounts;
  }

  /** The first to start decides which mounts there are. */
  synchronized void start(List<Mounted> mounts) {
    if (users == 0) {
      startAll(mounts);
      running = mounts;
    }
    users++;
  }

  synchronized boolean any() {
    return !running.isEmpty();
  }

  synchronized void stop() {
    if (users == 0) {
      return;
    }
    users--;
    if (users == 0) {
      stopAll(running);
      running = List.of();
    }
  }

  private static void startAll(List<Mounted> mounts) {
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
