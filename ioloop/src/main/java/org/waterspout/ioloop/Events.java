// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * The channels of one loop. What is ready is queued among the loop's callbacks; nothing is called
 * from inside a select. Confined to the loop, but for {@link #wakeUp} and {@link #close}.
 */
final class Events {
  private final Selector selector;
  private final ArrayDeque<Runnable> ready;
  private final @Nullable Carrier carrier; // waits for us, if there is one
  private volatile @Nullable Thread parked; // in place of a select without channels, or about to
  private volatile boolean sleeping; // about to block in select, or blocked

  Events(ArrayDeque<Runnable> ready, @Nullable Carrier carrier) {
    this.ready = ready;
    this.carrier = carrier;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector for a loop", e);
    }
  }

  void add(SelectableChannel channel, int ops, IOHandler handler, Context context)
      throws ClosedChannelException {
    var old = channel.keyFor(selector);
    if (old != null && old.isValid()) {
      throw new IllegalStateException(channel + " already has a handler");
    }
    if (old != null) {
      poll(); // a removed key leaves the selector only here
    }
    var registration = new Registration(channel, ops, handler, context);
    registration.attachTo(channel.register(selector, ops, registration));
  }

  void update(SelectableChannel channel, int ops) {
    var key = channel.keyFor(selector);
    if (key == null || !key.isValid()) {
      throw new IllegalStateException(channel + " has no handler");
    }
    ((Registration) key.attachment()).setInterest(ops);
  }

  void remove(SelectableChannel channel) {
    var key = channel.keyFor(selector);
    if (key != null) {
      key.cancel();
      if (channel instanceof ServerSocketChannel) { // else it would listen on until the next poll
        poll();
      }
    }
  }

  /** Queues what is ready now. */
  void poll() {
    if (selector.keys().isEmpty()) {
      return; // as in a container, where a look costs a system call in each turn
    }
    try {
      selector.selectNow(this::queue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until something is ready, {@link #wakeUp} is called or the time is over, and queues what
   * is ready. Whoever makes {@code maySleep} false calls {@code wakeUp} afterwards.
   */
  void await(long nanos, BooleanSupplier maySleep) throws IOException {
    boolean park = selector.keys().isEmpty();
    if (park) {
      parked = Thread.currentThread();
    }
    sleeping = true; // before the last look: who adds after it sees the flag and wakes us
    if (!maySleep.getAsBoolean()) {
      poll();
    } else if (park) {
      park(nanos);
    } else {
      var millis = nanos == Long.MAX_VALUE ? 0 : Math.max(1, (nanos + 999_999) / 1_000_000);
      select(millis);
    }
    sleeping = false;
    parked = null;
  }

  /**
   * Without channels, as in a container, there is nothing to select, and this thread is woken by
   * less: a virtual thread that selects waits for one of the JDK's pollers, which would have to be
   * woken first, and a carrier that selects is woken by a system call of its own.
   */
  private void park(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
  }

  private void select(long millis) throws IOException {
    if (carrier != null) {
      carrier.select(selector, this::queue, millis);
    } else {
      selector.select(this::queue, millis);
    }
  }

  /** From any thread. */
  void wakeUp() {
    if (sleeping) {
      var thread = parked;
      if (thread != null) {
        LockSupport.unpark(thread);
      } else {
        selector.wakeup();
      }
    }
  }

  /** How many channels have a handler. */
  long count() {
    return selector.keys().stream().filter(SelectionKey::isValid).count();
  }

  /** After the loop's last turn. */
  void closeChannels() {
    closeEach(
        selector.keys().stream()
            .filter(SelectionKey::isValid) // no longer ours otherwise
            .map(SelectionKey::channel)
            .toList());
  }

  /** Closes every one, whatever another one throws. */
  static void closeEach(List<? extends Channel> channels) {
    Failures.runAll(
        channels.stream().map(channel -> (Runnable) () -> close(channel)).toArray(Runnable[]::new));
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (Throwable e) { // even an error: the selector is still to be closed
      Log.GENERAL.log(Level.WARNING, "closing " + channel + " with its loop", e);
    }
  }

  /** After the loop's last turn. */
  void close() {
    try {
      selector.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "closing the selector of a loop", e);
    }
  }

  private void queue(SelectionKey key) {
    var registration = (Registration) key.attachment();
    try {
      if (registration.noteReady(key.readyOps())) {
        ready.add(registration);
      }
    } catch (CancelledKeyException closed) { // by another thread, just now
      Log.GENERAL.log(Level.DEBUG, "a channel was closed while it became ready");
    }
  }
}
