// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.server.HttpServerExchange;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Exchange;
import org.xnio.XnioIoThread;

/**
 * Where an exchange uses what is Undertow's: on the loop or, under TLS, on the connection's I/O
 * thread. Undertow's TLS keeps what both directions wait for in one variable without a lock; a
 * thread that reads would now and then undo what another has just asked for in order to write, and
 * one of them would wait forever.
 */
final class HomeThread {
  /** What TLS encrypts at once, RFC 8446 section 5.1: no read gives more. */
  static final int TLS_RECORD = 16 * 1024;

  private final Exchange exchange;
  private final @Nullable XnioIoThread thread; // null: the loop's

  private HomeThread(Exchange exchange, @Nullable XnioIoThread thread) {
    this.exchange = exchange;
    this.thread = thread;
  }

  static HomeThread of(Exchange exchange, HttpServerExchange http) {
    boolean secure = http.getConnection().getSslSessionInfo() != null;
    return new HomeThread(exchange, secure ? http.getIoThread() : null);
  }

  /** Whether tasks that are told to the loop need not be carried there. */
  boolean isLoop() {
    return thread == null;
  }

  /** Runs a task behind those before it, on this stack if it can. On the loop. */
  void run(Runnable task) {
    if (thread == null) {
      task.run();
    } else {
      later(task);
    }
  }

  /** Runs a task, but not on this stack. On the loop, or on a thread of Undertow's. */
  void later(Runnable task) {
    if (thread == null) {
      exchange.post(task);
      return;
    }
    try {
      thread.execute(() -> guard(task));
    } catch (RejectedExecutionException e) { // Undertow stops
      exchange.post(() -> exchange.lost(e));
    }
  }

  private void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      exchange.post(() -> exchange.failed(e));
    }
  }

  /** Tells the loop something, as the last act of a task. */
  void tell(Runnable news) {
    if (thread == null) {
      news.run();
    } else {
      exchange.post(news);
    }
  }
}
