// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import org.waterspout.ioloop.LoopFuture;

/**
 * One of the reads of {@link BaseIOStream} that give a future: the stream's reader until it has
 * what it wants, or until the future is cancelled.
 */
abstract sealed class PendingRead<T> implements StreamReader
    permits WholeRead, FillingRead, StreamedRead {
  static final byte[] NONE = {};

  final BaseIOStream stream;
  final LoopFuture<T> result;

  PendingRead(BaseIOStream stream) {
    this.stream = stream;
    this.result = new LoopFuture<>(stream.loop());
  }

  /** Whether its {@link #proceed} enters no user code while nobody has its future yet. */
  boolean mayProceedAtOnce() {
    return true;
  }

  /** What it has taken and will not deliver, once it was cancelled. Told once. */
  byte[] takeBack() {
    return NONE;
  }

  /** For {@link #closed}: it did not get what it wants. */
  final void fail() {
    result.completeExceptionally(new StreamClosedException(stream.error()));
  }
}
