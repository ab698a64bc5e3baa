// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.waterspout.gen.Gen;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopContents;
import org.waterspout.ioloop.LoopFuture;

/** A client on a running loop of its own, while a test works with it from outside. */
final class ClientLoop implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(20);

  final IOLoop loop;
  final AsyncHTTPClient client;
  private final Thread runner;
  private final UncaughtLog uncaught = new UncaughtLog();

  ClientLoop() throws Exception {
    this(ClientOptions.defaults());
  }

  ClientLoop(ClientOptions options) throws Exception {
    this(options, new IOLoop());
  }

  /** On a loop with a clock of the test's, say; it is closed with the client. */
  ClientLoop(ClientOptions options, IOLoop loop) throws Exception {
    this.loop = loop;
    runner = Thread.ofPlatform().daemon().name("client").start(loop::start);
    client = call(() -> new AsyncHTTPClient(options));
  }

  /** The result of a body that runs on the loop. */
  <T> T call(Callable<T> body) throws Exception {
    return get(loop.spawn(body));
  }

  /** A fetch that is under way. */
  LoopFuture<HTTPResponse> start(HTTPRequest request) throws Exception {
    return call(() -> new Held(client.fetch(request))).future;
  }

  /** A future that is not awaited when it is returned. */
  private record Held(LoopFuture<HTTPResponse> future) {}

  HTTPResponse fetch(HTTPRequest request) throws Exception {
    return call(() -> Gen.await(client.fetch(request)));
  }

  HTTPResponse fetch(String url) throws Exception {
    return call(() -> Gen.await(client.fetch(url)));
  }

  /** Whatever the status is. */
  HTTPResponse fetchAny(HTTPRequest request) throws Exception {
    return call(() -> Gen.await(client.fetch(request, false)));
  }

  HTTPResponse fetch(String url, Function<HTTPRequest.Builder, HTTPRequest.Builder> options)
      throws Exception {
    return fetchAny(options.apply(HTTPRequest.builder(url)).build());
  }

  /** What a fetch fails with. */
  Throwable failure(HTTPRequest request) throws Exception {
    try {
      var response = fetch(request);
      throw new AssertionError("no failure but " + response);
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  Throwable failure(String url) throws Exception {
    return failure(HTTPRequest.builder(url).build());
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits for what another thread is about to bring about. */
  static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + DEADLINE);
      }
      Thread.onSpinWait();
    }
  }

  /** Closes the client, after which the loop holds nothing that was the client's. */
  @Override
  public void close() throws Exception {
    call(
        () -> {
          client.close();
          return 0;
        });
    until(() -> call(() -> client.pool().isEmpty()));
    var left = new String[] {""};
    until(() -> (left[0] = leftOnBaseLevel()).isEmpty());
    loop.close();
    if (!runner.join(DEADLINE)) {
      throw new AssertionError("the loop does not end");
    }
    uncaught.close();
  }

  private String leftOnBaseLevel() throws Exception {
    var left = new CompletableFuture<String>();
    loop.addCallback(() -> left.complete(LoopContents.left(loop)));
    return get(left);
  }
}
