// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers for answers: heap buffers would be copied into a temporary direct one by every
 * write. As many are kept as requests may run.
 */
final class BufferPool {
  private final int bufferSize;
  private final int kept;
  private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  BufferPool(int bufferSize, int kept) {
    this.bufferSize = bufferSize;
    this.kept = kept;
  }

  int bufferSize() {
    return bufferSize;
  }

  ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    if (buffer == null) {
      return ByteBuffer.allocateDirect(bufferSize);
    }
    count.decrementAndGet();
    return buffer;
  }

  /**
   * Takes a buffer back that nobody uses any more; others than its own are left to the collector.
   */
  void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() == bufferSize && buffer.isDirect() && count.get() < kept) {
      count.incrementAndGet();
      free.add(buffer.clear());
    }
  }
}
