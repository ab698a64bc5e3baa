// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.testing.FakeClock;

/** A server on a loop of its own, on a free port of the loopback interface. */
final class TestServer implements AutoCloseable {
  final IOLoop loop;
  final HTTPServer server;
  final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final @Nullable FakeClock clock; // null: it goes by the system's

  TestServer(TestRequest.Answer answer) throws Exception {
    this(TestRequest.answering(answer), HTTPServerOptions.defaults());
  }

  TestServer(HTTPServerConnectionDelegate delegate) throws Exception {
    this(delegate, HTTPServerOptions.defaults());
  }

  TestServer(HTTPServerConnectionDelegate delegate, HTTPServerOptions options) throws Exception {
    this(delegate, options, null);
  }

  private TestServer(
      HTTPServerConnectionDelegate delegate, HTTPServerOptions options, @Nullable FakeClock clock)
      throws Exception {
    this.clock = clock;
    loop = clock == null ? new IOLoop() : clock.newLoop();
    Thread.ofPlatform().daemon().name("server").start(this::run);
    server =
        call(
            () -> {
              var made = new HTTPServer(delegate, options);
              made.listen(0, "127.0.0.1");
              return made;
            });
  }

  /** A server for which no time passes but by {@link #pass}. */
  static TestServer withoutTime(HTTPServerConnectionDelegate delegate, HTTPServerOptions options)
      throws Exception {
    return new TestServer(delegate, options, new FakeClock());
  }

  private void run() {
    try {
      loop.start();
      loop.close();
      ended.complete(null);
    } catch (Throwable e) {
      ended.completeExceptionally(e);
    }
  }

  RawClient connect() throws IOException {
    return new RawClient(server.port());
  }

  /** Returns after whole turns of the loop. */
  void turns(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      call(() -> 0);
    }
  }

  /** Lets time pass in one leap: behind what is under way on the loop, before what is due then. */
  void pass(Duration time) throws Exception {
    turns(5);
    advance(time);
    turns(5);
  }

  /** Lets time pass, whatever the loop does just now. */
  void advance(Duration time) {
    clock.advance(time);
  }

  /** Returns when so many connections have been taken over, of those that it has had at all. */
  void awaitConnections(long count) throws Exception {
    await("connections", () -> server.counters().connections() >= count);
  }

  /** Returns when so many bytes have been read, on all connections. */
  void awaitReceived(long bytes) throws Exception {
    await("bytes received", () -> server.counters().bytesReceived() >= bytes);
  }

  private void await(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      turns(1);
    }
  }

  /** Runs a task on the loop and waits for it. */
  <T> T call(Callable<T> task) throws Exception {
    var result = new CompletableFuture<T>();
    loop.addCallback(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    server.stop();
    if (!ended.isDone()) {
      loop.stop();
      ended.get(20, TimeUnit.SECONDS);
    }
  }
}
