// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.waterspout.iostream.HostedConnection;

class PumpedConnectionTest {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Behind behind = new Behind();
  private final PumpedConnection pumped = new PumpedConnection(behind, thread);

  /** Takes little at once and, every other time, nothing. */
  private final class Behind implements HostedConnection {
    final Set<Thread> users = ConcurrentHashMap.newKeySet();
    final ByteArrayOutputStream written = new ByteArrayOutputStream(); // on the thread
    final List<String> calls = new ArrayList<>(); // on the thread
    ByteBuffer input = ByteBuffer.allocate(0); // before the thread reads
    volatile @Nullable Exception broken; // null: it works
    volatile boolean closed;
    private boolean refused; // the last write, or flush
    private boolean empty; // the last read

    private void used() {
      users.add(Thread.currentThread());
    }

    private void check() throws IOException {
      used();
      switch (broken) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case null, default -> {}
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      check();
      empty = !empty;
      if (empty) {
        return 0;
      }
      if (!input.hasRemaining()) {
        return -1;
      }
      int length = Math.min(input.remaining(), Math.min(into.remaining(), 7000));
      into.put(input.slice(input.position(), length));
      input.position(input.position() + length);
      return length;
    }

    private boolean refuses() {
      refused = !refused;
      return refused;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      check();
      if (refuses()) {
        return 0;
      }
      byte[] some = new byte[Math.min(from.remaining(), 900)];
      from.get(some);
      written.writeBytes(some);
      return some.length;
    }

    @Override
    public boolean flush() throws IOException {
      check();
      return !refuses();
    }

    @Override
    public void whenReadable(Runnable ready) {
      used();
      thread.execute(ready);
    }

    @Override
    public void whenWritable(Runnable ready) {
      used();
      thread.execute(ready);
    }

    @Override
    public void endOutput() throws IOException {
      check();
      calls.add("end behind " + written.size());
    }

    @Override
    public void close() {
      used();
      calls.add("close");
      closed = true;
    }
  }

  private interface Wait {
    void until(Runnable ready);
  }

  private static void await(Wait wait) throws InterruptedException {
    var done = new CountDownLatch(1);
    wait.until(done::countDown);
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    return bytes;
  }

  @Test
  void writesAllInOrderOnTheOtherThread() throws Exception {
    byte[] all = random(300_000);
    var from = ByteBuffer.wrap(all.clone());
    while (from.hasRemaining()) {
      int before = from.position();
      int count = pumped.write(from);
      assertThat(from.position()).isEqualTo(before + count);
      java.util.Arrays.fill(from.array(), before, before + count, (byte) 0); // it is ours again
      if (count == 0) {
        await(pumped::whenWritable);
      }
    }
    while (!pumped.flush()) {
      await(pumped::whenWritable);
    }
    pumped.endOutput();
    pumped.close();
    end();
    assertThat(behind.written.toByteArray()).isEqualTo(all);
    assertThat(behind.calls).containsExactly("end behind 300000", "close");
    assertThat(behind.users).hasSize(1).doesNotContain(Thread.currentThread());
  }

  private void end() throws InterruptedException {
    thread.shutdown();
    assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void readsAllInOrderOnTheOtherThread() throws Exception {
    byte[] all = random(100_000);
    behind.input = ByteBuffer.wrap(all);
    var read = new ByteArrayOutputStream();
    var into = ByteBuffer.allocate(1000);
    int count = 0;
    while (count >= 0) {
      count = pumped.read(into);
      if (count == 0) {
        await(pumped::whenReadable);
      }
      read.write(into.array(), 0, into.position());
      into.clear();
    }
    assertThat(read.toByteArray()).isEqualTo(all);
    assertThat(pumped.read(into)).isEqualTo(-1);
    end();
    assertThat(behind.users).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void readsNothingBeforeItIsAskedTo() throws Exception {
    behind.input = ByteBuffer.wrap(random(10));
    assertThat(pumped.read(ByteBuffer.allocate(10))).isZero();
    end();
    assertThat(behind.users).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void tellsReadersAndWritersOfAFailure(Exception failure) throws Exception {
    behind.broken = failure;
    await(pumped::whenReadable);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> pumped.read(ByteBuffer.allocate(1)))
        .withMessageContaining("broken");
    assertThat(pumped.write(ByteBuffer.allocate(1))).isEqualTo(1);
    await(pumped::whenWritable);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(pumped::flush)
        .withMessageContaining("broken");
  }

  static List<Exception> tellsReadersAndWritersOfAFailure() {
    return List.of(new IOException("broken"), new IllegalStateException("broken"));
  }

  @Test
  void closesWhatItsThreadHasLeft() throws Exception {
    end();
    await(pumped::whenReadable);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> pumped.read(ByteBuffer.allocate(1)));
    var from = ByteBuffer.allocate(1);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> pumped.write(from));
    assertThatExceptionOfType(IOException.class).isThrownBy(pumped::endOutput);
    pumped.close();
    assertThat(behind.closed).isTrue();
  }
}
