// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a WebSocket's client has sent and nobody has wanted yet. Filled on the container's threads,
 * emptied from the loop, one thing for each {@link #want}. When a little waits, the client is held
 * back: by {@link SessionControl} where it can, else by keeping the container's thread.
 */
final class Inbox {
  private static final int FULL_COUNT = 16;
  private static final long FULL_SIZE = 64 * 1024;

  /** What comes. */
  sealed interface Item {
    /** About what it takes. */
    default long size() {
      return 0;
    }
  }

  record Text(String message) implements Item {
    @Override
    public long size() {
      return message.length();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // they are taken apart, never compared
  record Binary(byte[] message) implements Item {
    @Override
    public long size() {
      return message.length;
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Pong(byte[] data) implements Item {}

  /** Nothing follows. */
  record Closed(int code, String reason) implements Item {}

  private final SessionControl control;
  private final Consumer<Item> deliver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Queue<Item> items = new ArrayDeque<>(1);
  private long size; // of all of them
  private boolean wanted; // and there was nothing
  private boolean held; // the client is, by the control
  private boolean ended; // nothing is kept any more

  /**
   * An empty one.
   *
   * @param deliver called in any thread, with the lock: must only post
   */
  Inbox(SessionControl control, Consumer<Item> deliver) {
    this.control = control;
    this.deliver = deliver;
  }

  /** Adds something, and may wait for room. On a thread of the container. */
  void put(Item item) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      items.add(item);
      size += item.size();
      deliverIfWanted();
      if (full()) {
        holdBack();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The end, which waits for no room. In any thread. */
  void putLast(Closed last) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        items.add(last);
        room.signalAll();
        deliverIfWanted();
        if (items.size() == 1 && !wanted) {
          deliver.accept(items.remove()); // the end comes unasked if nothing waits before it
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Asks for the next thing. On the loop. */
  void want() {
    boolean release = false;
    lock.lock();
    try {
      wanted = true;
      deliverIfWanted();
      if (items.isEmpty()) {
        room.signalAll();
        release = held && !ended;
        held = false;
      }
    } finally {
      lock.unlock();
    }
    if (release) {
      control.release(); // without the lock, since it takes some of the container's
    }
  }

  /** Forgets all that waits, and takes no more. In any thread. */
  void end() {
    lock.lock();
    try {
      ended = true;
      items.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void deliverIfWanted() {
    @Nullable Item next = wanted ? items.poll() : null;
    if (next != null) {
      wanted = false;
      size -= next.size();
      deliver.accept(next);
    }
  }

  private boolean full() {
    return items.size() >= FULL_COUNT || size >= FULL_SIZE;
  }

  private void holdBack() {
    if (control.canHold()) {
      held = true;
      control.hold();
    } else {
      while (!items.isEmpty() && !ended) {
        room.awaitUninterruptibly();
      }
    }
  }
}
