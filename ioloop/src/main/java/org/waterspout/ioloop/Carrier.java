// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one platform thread that all virtual threads of a loop ride, where the JVM lets us choose it.
 *
 * <p>It needs {@code --add-opens java.base/java.lang=org.waterspout.ioloop} (or {@code
 * ALL-UNNAMED}), since the scheduler of a virtual thread is not public API. It saves hops between
 * cores, and no other virtual thread of the process can keep the loop waiting. Without it the loop
 * rides the JVM's scheduler and nothing else differs.
 *
 * <p>While it has nothing to carry it does the loop's waiting: see {@link #select}.
 *
 * <p>A virtual thread that code on the loop makes by the JDK's own means inherits the carrier, and
 * may outlive the loop: what is left to carry after the close goes to the JVM's scheduler. {@link
 * VirtualThreads} makes threads that do not inherit it.
 *
 * <p>The thread is a daemon; whoever called {@code start} keeps the JVM alive.
 */
final class Carrier implements Executor {
  private static final boolean POLLERS = Pollers.start();
  private static final @Nullable Executor DEFAULT_SCHEDULER = probeDefaultScheduler();
  private static final @Nullable MethodHandle NEW_VIRTUAL_THREAD = probe();
  private static final int MAX_RIDES = 16; // of others, then it is the leader's turn
  private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2; // java.lang.Thread's own constant

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private int rides; // while a leader waits
  private @Nullable Wait waiting; // the leader's; touched by this thread and its riders only
  private volatile @Nullable Selector selecting; // in which this thread waits, or is about to
  private volatile boolean idle;
  private volatile boolean closed;
  private volatile boolean ended;

  /** A started carrier, or null where the JVM does not let us choose. */
  static @Nullable Carrier open(String name) {
    return NEW_VIRTUAL_THREAD == null ? null : new Carrier(name);
  }

  private Carrier(String name) {
    thread =
        Thread.ofPlatform()
            .name(name + "-carrier")
            .daemon(true)
            .inheritInheritableThreadLocals(false)
            .unstarted(this::carry);
    thread.start();
  }

  private static @Nullable Executor probeDefaultScheduler() {
    try {
      var method = Class.forName("java.lang.VirtualThread").getDeclaredMethod("defaultScheduler");
      method.setAccessible(true);
      return (Executor) method.invoke(null);
    } catch (ReflectiveOperationException | RuntimeException notOpen) {
      return null;
    }
  }

  private static @Nullable MethodHandle probe() {
    if (DEFAULT_SCHEDULER == null || !POLLERS) {
      return null; // threads made on a loop could not be kept off its carrier
    }
    try {
      var method =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      method.setAccessible(true);
      return MethodHandles.lookup().unreflect(method);
    } catch (ReflectiveOperationException | RuntimeException notOpen) {
      return null;
    }
  }

  /**
   * A virtual thread that inherits nothing, not yet started: on the carrier if there is one, else
   * on the JVM's scheduler, even if the caller rides a carrier.
   */
  static Thread newVirtualThread(@Nullable Carrier carrier, String name, Runnable task) {
    var scheduler = carrier == null ? DEFAULT_SCHEDULER : carrier;
    if (scheduler == null || NEW_VIRTUAL_THREAD == null) {
      return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(task);
    }
    try {
      return (Thread)
          NEW_VIRTUAL_THREAD.invokeExact(scheduler, name, NO_INHERIT_THREAD_LOCALS, task);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot make a virtual thread on the loop's carrier", e);
    }
  }

  /** Continues a virtual thread. The JVM calls it, from any thread. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (ended) {
      passOn();
    } else if (idle) {
      wakeUp();
    }
  }

  private void wakeUp() {
    var selector = selecting;
    if (selector != null) {
      selector.wakeup();
    } else {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Selects as {@link Selector#select(Consumer, long)} does, but has the carrier's own thread wait,
   * while the calling virtual thread is parked. It may return early. Only a rider that is at the
   * base of its stack may call, one at a time.
   *
   * <p>A virtual thread that selects by itself is woken by one of the JDK's pollers: several
   * threads must be woken, one by the other, for what one can do.
   */
  void select(Selector selector, Consumer<SelectionKey> action, long millis) throws IOException {
    var mine = new Wait(Thread.currentThread(), selector, action, millis);
    waiting = mine;
    try {
      while (!mine.over) {
        LockSupport.park(this);
        Thread.interrupted(); // left set, it would keep the next park from leaving the carrier
      }
    } finally {
      waiting = null;
    }
    mine.throwIfFailed();
  }

  /** Ends the thread once nothing is left to run. */
  void close() {
    closed = true;
    wakeUp();
  }

  private void carry() {
    while (true) {
      var task = tasks.poll();
      if (task != null) {
        task.run();
        countRide();
      } else if (closed) {
        ended = true; // before the last look: who adds after it passes the task on itself
        passOn();
        return;
      } else if (waiting != null) {
        waitFor(waiting);
      } else {
        sleepUntilTaskOrClose();
      }
    }
  }

  /** Riders that never stop must not keep a waiting leader from its channels and timeouts. */
  private void countRide() {
    var leaders = waiting;
    if (leaders == null || leaders.over) {
      rides = 0;
    } else if (++rides == MAX_RIDES) {
      leaders.selectNow();
      leaders.end();
    }
  }

  private void passOn() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      requireNonNull(DEFAULT_SCHEDULER).execute(task);
    }
  }

  private void waitFor(Wait leaders) {
    selecting = leaders.selector;
    idle = true; // before the last look: who adds after it sees the flag and wakes us
    if (tasks.isEmpty() && !closed) {
      leaders.select();
    }
    idle = false;
    selecting = null;
    leaders.end();
  }

  private void sleepUntilTaskOrClose() {
    idle = true;
    if (tasks.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    idle = false;
  }

  /**
   * A leader's wait for its channels. The carrier's thread and the leader, which rides it, share
   * it.
   */
  private static final class Wait {
    final Selector selector;
    boolean over;
    private final Thread leader;
    private final Consumer<SelectionKey> action;
    private final long millis;
    private @Nullable Throwable failure;

    Wait(Thread leader, Selector selector, Consumer<SelectionKey> action, long millis) {
      this.leader = leader;
      this.selector = selector;
      this.action = action;
      this.millis = millis;
    }

    void select() {
      try {
        selector.select(action, millis);
      } catch (Throwable e) { // the leader's, not the carrier's
        failure = e;
      }
    }

    void selectNow() {
      try {
        selector.selectNow(action);
      } catch (Throwable e) { // the leader's, not the carrier's
        failure = e;
      }
    }

    void end() {
      over = true;
      LockSupport.unpark(leader);
    }

    void throwIfFailed() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure != null) {
        throw Failures.unchecked(failure);
      }
    }
  }
}
