// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds the loop: leader and followers. The only file that suspends a stack.
 *
 * <pre>
 *   leader A runs the loop, which calls user code, which awaits:
 *     A starts a fresh leader B and parks, with its whole stack
 *     B goes on with A's turn, unless A has found that it cannot park; then A goes on
 *     what A waits for completes: A's Parked is queued among the callbacks
 *     B comes to it: gives the baton to A, and ends
 *     A's await returns; when the user code returns, A goes on with the turn
 * </pre>
 *
 * <p>So code that never suspends costs a plain call, and a suspension one fresh virtual thread.
 * There is no pool: the stack of a pooled thread stays interpreted and is slow to park.
 *
 * <p>Everything that must survive a hand-over is a field of the loop, never a local variable of a
 * frame below user code.
 */
final class Baton {
  private final IOLoop loop;
  private final @Nullable Carrier carrier;
  private final String threadName;
  private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
  private final List<Parked> register = new ArrayList<>();

  // Plain on purpose. A thread is entered here by whoever gives it the baton, before it starts or
  // is resumed, and it enters its successor itself: it can never wrongly read its own name.
  private @Nullable Thread leader;

  Baton(IOLoop loop, @Nullable Carrier carrier, String threadName) {
    this.loop = loop;
    this.carrier = carrier;
    this.threadName = threadName;
  }

  /** Whether the calling thread holds the loop. */
  @SuppressWarnings("ReferenceEquality") // Thread has no other equality; this is the hot check
  boolean held() {
    return Thread.currentThread() == leader;
  }

  /** For the watchdog, which looks when little happens: the leader of some moment ago. */
  @Nullable Thread leader() {
    return leader;
  }

  /** For the watchdog too: who parked last, if that was seen in one piece. */
  @Nullable Thread lastParked() {
    try {
      return register.getLast().thread;
    } catch (RuntimeException changing) {
      return null;
    }
  }

  int parkedCount() {
    return register.size();
  }

  boolean hasCarrier() {
    return carrier != null;
  }

  /** Starts a first leader. From whoever starts the loop, while nobody leads. */
  void pickUp() {
    startLeader(loop::begin);
  }

  /** The leader ends the loop's run. */
  void putDown() {
    leader = null;
  }

  /**
   * Parks the leader's stack until {@code parked} is resumed; someone else leads meanwhile. What it
   * throws, it throws while the caller holds the loop as before.
   */
  void suspend(Parked parked) {
    parked.place = register.size();
    register.add(parked);
    try {
      startLeader(() -> takeOver(parked));
      parked.park();
    } catch (Throwable e) { // there is no other thread, or the stack is too deep to be put aside
      if (!parked.resumed()) {
        parked.abandon();
        leader = parked.thread;
        unregister(parked);
      }
      throw e;
    }
  }

  /** The work of a leader that follows one which parks, unless that one has found it cannot. */
  private void takeOver(Parked parked) {
    if (parked.settle()) {
      loop.lead();
    }
  }

  /** The leader gives the baton away. Its thread must end now and touch nothing of the loop. */
  void passTo(Parked parked) {
    unregister(parked);
    leader = parked.thread;
    parked.resume();
  }

  /** Ends every wait with an exception. */
  void failAll(RuntimeException reason) {
    List.copyOf(register).forEach(parked -> parked.fail(reason));
  }

  /** Nobody leads, nobody is parked, nobody will. */
  void close() {
    if (carrier != null) {
      carrier.close();
    }
  }

  private void startLeader(Runnable work) {
    var next = Carrier.newVirtualThread(carrier, threadName, work);
    next.setContextClassLoader(classLoader);
    leader = next;
    next.start();
  }

  /** The last one takes the freed place. */
  @SuppressWarnings("ReferenceEquality") // the same object is meant
  private void unregister(Parked parked) {
    var last = register.removeLast();
    if (last != parked) {
      register.set(parked.place, last);
      last.place = parked.place;
    }
  }
}
