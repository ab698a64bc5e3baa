// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * A channel's handler, which is also its own entry among the callbacks once the channel is ready.
 *
 * <p>It is serial: events that arrive while its call is parked take the interest away until the
 * call returns; the channel is still ready then and reports again.
 */
final class Registration implements Runnable {
  private final SelectableChannel channel;
  private final IOHandler handler;
  private final Context context;
  private @Nullable SelectionKey key; // null until attached, at once
  private int interest;
  private int readyOps;
  private boolean queued;
  private boolean busy;

  Registration(SelectableChannel channel, int interest, IOHandler handler, Context context) {
    this.channel = channel;
    this.interest = interest;
    this.handler = handler;
    this.context = context;
  }

  void attachTo(SelectionKey key) {
    this.key = key;
  }

  void setInterest(int ops) {
    interest = ops;
    if (!busy) {
      applyInterest();
    }
  }

  /** Notes that the channel is ready; true if it has to be queued for it. */
  boolean noteReady(int ops) {
    readyOps |= ops;
    var queue = !queued;
    queued = true;
    return queue;
  }

  @Override
  public void run() {
    queued = false;
    var ops = readyOps & interest; // it may have been reduced since
    readyOps = 0;
    if (key == null || !key.isValid()) {
      return;
    }
    if (busy) {
      setInterestOf(key, 0);
    } else if (ops != 0) {
      call(ops);
    }
  }

  private void call(int ops) {
    busy = true;
    context.enter();
    try {
      handler.handleEvents(channel, ops);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new Failures.Checked(e);
    } finally {
      busy = false;
      applyInterest();
    }
  }

  private void applyInterest() {
    if (key != null && key.isValid()) {
      setInterestOf(key, interest);
    }
  }

  private static void setInterestOf(SelectionKey key, int ops) {
    try {
      if (key.interestOps() != ops) {
        key.interestOps(ops);
      }
    } catch (CancelledKeyException closed) { // by another thread, just now
      Log.GENERAL.log(Level.DEBUG, "a channel was closed while its handler ran");
    }
  }
}
