// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopLocal;

/**
 * The borrowers that wait for one loop to tell them of room: when it is closed, nobody else would
 * wake them. From any thread.
 */
final class WaitingLoans implements AutoCloseable {
  private static final LoopLocal<WaitingLoans> OF_LOOP = new LoopLocal<>(_ -> new WaitingLoans());

  private final Set<StreamLoan> waiting = new HashSet<>(); // guarded by itself
  private boolean closed; // guarded by waiting

  private WaitingLoans() {}

  /** Has the loan told when the loop is closed, at once if it is. */
  static void add(IOLoop loop, StreamLoan loan) {
    try {
      OF_LOOP.get(loop).add(loan);
    } catch (LoopClosedException e) {
      loan.streamClosed(e);
    }
  }

  /** The loan waits no longer. */
  static void remove(IOLoop loop, StreamLoan loan) {
    try {
      OF_LOOP.get(loop).remove(loan);
    } catch (LoopClosedException e) {
      // it was never added
    }
  }

  private void add(StreamLoan loan) {
    synchronized (waiting) {
      if (closed) {
        throw new LoopClosedException("the loop was closed");
      }
      waiting.add(loan);
    }
  }

  private void remove(StreamLoan loan) {
    synchronized (waiting) {
      waiting.remove(loan);
    }
  }

  /** After the loop's last turn. */
  @Override
  public void close() {
    List<StreamLoan> left;
    synchronized (waiting) {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(loan -> loan.streamClosed(new LoopClosedException("the loop was closed")));
  }
}
