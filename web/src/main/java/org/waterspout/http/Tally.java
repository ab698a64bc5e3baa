// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;

/**
 * What the connections of one server on one loop have done. Counted on the loop, read from any
 * thread.
 */
final class Tally {
  private final IOLoop loop;
  private final Context root;
  private final @Nullable AccessLog accessLog; // null: nobody wants to be told

  // each has one writer
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong over = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong clientErrors = new AtomicLong();
  private final AtomicLong serverErrors = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  Tally(IOLoop loop, Context root, @Nullable AccessLog accessLog) {
    this.loop = loop;
    this.root = root;
    this.accessLog = accessLog;
  }

  private static void add(AtomicLong counter, long more) {
    counter.setRelease(counter.getPlain() + more);
  }

  void connectionOpened() {
    add(opened, 1);
  }

  void connectionClosed() {
    add(closed, 1);
  }

  void received(int bytes) {
    add(received, bytes);
  }

  void sent(long bytes) {
    add(sent, bytes);
  }

  void requestBegun() {
    add(begun, 1);
  }

  /** The exchange is its new owner's. */
  void requestDetached() {
    add(over, 1);
  }

  /** All of its answer has left. */
  void requestAnswered(HTTP1Connection exchange) {
    add(over, 1);
    countStatus(exchange.encoder().status());
    tell(exchange, true);
  }

  /** Its answer will never leave as a whole. */
  void requestLost(HTTP1Connection exchange) {
    add(over, 1);
    add(lost, 1);
    tell(exchange, false);
  }

  /** What was not understood has been answered. */
  void refused(ConnectionContext context, int status, long bytes) {
    countStatus(status);
    if (accessLog != null) {
      var entry = new AccessLog.Entry(null, null, context, status, bytes, Duration.ZERO, true);
      root.execute(() -> accessLog.log(entry));
    }
  }

  private void countStatus(int status) {
    if (status >= 500) {
      add(serverErrors, 1);
    } else if (status >= 400) {
      add(clientErrors, 1);
    }
  }

  private void tell(HTTP1Connection exchange, boolean whole) {
    if (accessLog != null) {
      AccessLog.Entry entry = exchange.entry(whole);
      root.execute(() -> accessLog.log(entry));
    }
  }

  /** From any thread. */
  ServerCounters counters() {
    long closedBefore = closed.get(); // first, so that no difference is negative
    long overBefore = over.get();
    long allOpened = opened.get();
    long allBegun = begun.get();
    return new ServerCounters(
        allOpened,
        allOpened - closedBefore,
        allBegun,
        allBegun - overBefore,
        received.get(),
        sent.get(),
        clientErrors.get(),
        serverErrors.get(),
        lost.get(),
        loop.lag());
  }
}
