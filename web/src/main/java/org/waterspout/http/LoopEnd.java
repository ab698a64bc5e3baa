// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.concurrent.CompletableFuture;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.ioloop.LoopLocal;

/** Tells when a loop is closed: what was asked of it before may never be answered. */
final class LoopEnd implements AutoCloseable {
  private static final LoopLocal<LoopEnd> OF_LOOP = new LoopLocal<>(_ -> new LoopEnd());

  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private LoopEnd() {}

  /** Complete once the loop is closed. From any thread. */
  static CompletableFuture<Void> of(IOLoop loop) {
    try {
      return OF_LOOP.get(loop).closed;
    } catch (LoopClosedException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() {
    closed.complete(null);
  }
}
