// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.RunningLoop;

/** A stream on a running loop, and its other end: blocking, and somebody else's code. */
abstract class StreamEnds implements AutoCloseable {
  final RunningLoop running;
  final BaseIOStream stream;
  final InputStream in; // of the other end, and so are all below
  final OutputStream out;
  private final List<SelectableChannel> channels; // the stream's
  private boolean closed;

  StreamEnds(
      RunningLoop running,
      BaseIOStream stream,
      InputStream in,
      OutputStream out,
      SelectableChannel... channels) {
    this.running = running;
    this.stream = stream;
    this.in = in;
    this.out = out;
    this.channels = List.of(channels);
  }

  /** Says in an orderly way that nothing more comes, and still reads. */
  abstract void endOutput() throws IOException;

  /** Is gone without a word, with a reset where there are such. */
  abstract void vanish() throws IOException;

  /** Whether one who is gone without a word looks different from one who has ended its output. */
  boolean resets() {
    return true;
  }

  /** Whether the stream may still write when the other end has ended its output. */
  boolean endsSeparately() {
    return true;
  }

  void send(String text) throws IOException {
    send(utf8(text));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends in a thread of its own, which waits while the stream takes nothing. */
  CompletableFuture<Void> sending(byte[] bytes) {
    return inThread(
        () -> {
          send(bytes);
          return null;
        });
  }

  byte[] receive(int count) throws IOException {
    return in.readNBytes(count);
  }

  CompletableFuture<byte[]> receiving(int count) {
    return inThread(() -> receive(count));
  }

  /** Whether the other end's input is over, in whichever way. */
  boolean seesAnEnd() {
    try {
      return in.read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  static <T> CompletableFuture<T> inThread(Callable<T> body) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(body.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** Does something with the stream, on its loop. */
  <T> T with(Function<BaseIOStream, T> body) throws Exception {
    return running.call(() -> body.apply(stream));
  }

  /** Begins a read, and waits for what it gives. */
  byte[] read(Function<BaseIOStream, LoopFuture<byte[]>> begin) throws Exception {
    return RunningLoop.get(with(begin));
  }

  int fill(ByteBuffer into) throws Exception {
    return fill(into, false);
  }

  int fill(ByteBuffer into, boolean partial) throws Exception {
    return RunningLoop.get(with(stream -> stream.readInto(into, partial)));
  }

  /** Begins a write, and gives its future. */
  LoopFuture<Void> write(byte[] bytes) throws Exception {
    return running.call(() -> stream.write(bytes));
  }

  /** What has arrived and nobody has taken. */
  int rest() throws Exception {
    return running.call(() -> stream.input.rest().size());
  }

  void awaitRest(int size) throws Exception {
    until(() -> stream.input.rest().size() == size);
  }

  void awaitClose() throws Exception {
    until(stream::closed);
  }

  /** Waits until something is true on the loop. */
  void until(Callable<Boolean> condition) throws Exception {
    running.until(condition);
  }

  /** What the future fails with. */
  static Throwable failure(CompletableFuture<?> future) throws Exception {
    RunningLoop.get(future.handle((value, failure) -> 0));
    return future.exceptionNow();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Closes both ends, and looks whether anything is left on the loop. */
  @Override
  public void close() throws Exception {
    if (closed) {
      return;
    }
    closed = true;
    try {
      running.run(stream::close);
      running.assertNothingLeft();
      for (var channel : channels) {
        assertThat(channel.isOpen()).isFalse();
      }
    } finally {
      running.close();
      vanish();
    }
  }
}
