// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
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
  static String describe(Thread waiting, ThreadDumps dumps) {
    try {
      if (waiting.getState() == Thread.State.BLOCKED) {
        return dumps.ownerOfMonitor(waiting);
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
}
