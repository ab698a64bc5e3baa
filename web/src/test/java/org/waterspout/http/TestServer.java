// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.waterspout.ioloop.IOLoop;

/** A server on a loop of its own, on a free port of the loopback interface. */
final class TestServer implements AutoCloseable {
  final IOLoop loop = new IOLoop();
  final HTTPServer server;
  final CompletableFuture<Void> ended = new CompletableFuture<>();

  TestServer(TestRequest.Answer answer) throws Exception {
    this(TestRequest.answering(answer), HTTPServerOptions.defaults());
  }

  TestServer(HTTPServerConnectionDelegate delegate) throws Exception {
    this(delegate, HTTPServerOptions.defaults());
  }

  TestServer(HTTPServerConnectionDelegate delegate, HTTPServerOptions options) throws Exception {
    Thread.ofPlatform().daemon().name("server").start(this::run);
    server =
        call(
            () -> {
              var made = new HTTPServer(delegate, options);
              made.listen(0, "127.0.0.1");
              return made;
            });
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
