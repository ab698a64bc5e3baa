// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/**
 * An application on a port of 127.0.0.1, and its loop in a thread of its own.
 *
 * <pre>
 *   made      the loop runs, the application listens
 *   stopped   connections closed, mounts stopped, coroutines failed, the loop closed
 * </pre>
 */
final class RunningApplication {
  private static final Duration LIMIT = Duration.ofSeconds(20); // for begin and end

  private final IOLoop loop = new IOLoop();
  private final LoggedErrors errors = new LoggedErrors(loop);
  private final Application application;
  private final HTTPServer server;

  /** Throws what the supplier throws, or what keeps the application from listening. */
  RunningApplication(Supplier<Application> supplier, HTTPServerOptions options)
      throws InterruptedException {
    errors.begin();
    try {
      startLoop();
      application = call(supplier::get);
      server = call(() -> application.listen(0, "127.0.0.1", options));
    } catch (Throwable e) {
      errors.end();
      loop.close(true);
      throw e;
    }
  }

  /** Returns when the loop runs: before that, nobody can wait for it. */
  private void startLoop() throws InterruptedException {
    var runs = new CountDownLatch(1);
    loop.addCallback(runs::countDown);
    Thread.ofPlatform().daemon().name("application-under-test").start(loop::start);
    if (!runs.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(loop + " did not start within " + LIMIT);
    }
  }

  IOLoop loop() {
    return loop;
  }

  Application application() {
    return application;
  }

  HTTPServer server() {
    return server;
  }

  /** Runs a task on the loop, whoever calls, and waits for it. */
  <T> T call(Callable<T> task) {
    return Gen.await(loop.spawn(task));
  }

  /** Throws what was logged as an error up to now. */
  void checkErrors() {
    var _ = call(() -> 0); // what has been on its way before is logged by then
    errors.throwFirst();
  }

  /** Throws what was logged as an error since, or what keeps it from ending. */
  void stop() throws Exception {
    var ended = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name(loop + "-end")
        .start(
            () -> {
              try {
                end();
                ended.complete(null);
              } catch (Throwable e) {
                ended.completeExceptionally(e);
              }
            });
    try {
      ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } finally {
      errors.end();
    }
    errors.throwFirst();
  }

  private void end() {
    try {
      var _ = call(this::closeConnections);
    } finally {
      try {
        application.stop();
      } finally {
        loop.close(true);
      }
    }
  }

  private @Nullable Void closeConnections() {
    server.stop();
    return Gen.await(server.closeAllConnections());
  }
}
