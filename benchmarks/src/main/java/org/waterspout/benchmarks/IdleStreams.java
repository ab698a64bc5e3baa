// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamReader;

/**
 * Prints how many bytes of heap a connection takes that waits for input: its channel, its stream
 * and what the loop keeps of them.
 */
final class IdleStreams {
  private static final int COUNT = 10_000;

  private IdleStreams() {}

  static void main() throws IOException, InterruptedException {
    long before = Heap.used();
    try (var clients = Clients.start(IdleClients.class, COUNT);
        var loop = BenchmarkLoop.openAndStart()) {
      var registered = new CountDownLatch(COUNT);
      for (var channel : clients.channels()) {
        loop.addCallback(
            () -> {
              try {
                new IOStream(channel).startReading(new Silence());
                registered.countDown();
              } catch (IOException e) {
                throw new IllegalStateException("a stream cannot be opened", e);
              }
            });
      }
      registered.await();
      System.out.println((Heap.used() - before) / COUNT);
    }
  }

  /** Nothing is sent. */
  private static final class Silence implements StreamReader {
    @Override
    public boolean received(ByteBuffer in) {
      return false;
    }

    @Override
    public void proceed() {}

    @Override
    public void closed() {}
  }
}
