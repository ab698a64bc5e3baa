// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a callback carries along from the place where it was stored: where its exceptions go.
 *
 * <p>Every callback, timeout and future's dependent captures the context in which it was stored and
 * runs in it; a coroutine finds its own again after each await. A context is immutable. It is also
 * the executor that runs tasks in it, as callbacks of its loop. Tornado: {@code StackContext}.
 */
public final class Context implements Executor {
  private final IOLoop loop;
  private final @Nullable Consumer<Throwable> errorRoute; // null: the loop logs

  Context(IOLoop loop, @Nullable Consumer<Throwable> errorRoute) {
    this.loop = loop;
    this.errorRoute = errorRoute;
  }

  /** The loop to which this context belongs. */
  public IOLoop loop() {
    return loop;
  }

  /**
   * The same context, but with its own way for exceptions that callbacks throw. The route is called
   * on the loop, in this context, in place of the log entry.
   */
  public Context withErrorRoute(Consumer<Throwable> route) {
    return new Context(loop, Objects.requireNonNull(route, "route"));
  }

  /** Runs a task in this context now, and returns to the caller's. On the loop only. */
  public void run(Runnable task) {
    loop.checkOnLoop("Context.run");
    var caller = loop.context();
    enter();
    try {
      task.run();
    } finally {
      caller.enter();
    }
  }

  /** Runs a task in this context as a callback of the loop. From any thread. */
  @Override
  public void execute(Runnable task) {
    loop.addCallback(this, task);
  }

  void enter() {
    loop.setContext(this);
  }

  @Nullable Consumer<Throwable> errorRoute() {
    return errorRoute;
  }

  /** The callback, which enters this context when it runs. */
  Runnable bind(Runnable callback) {
    return new Bound(this, callback);
  }

  private record Bound(Context context, Runnable callback) implements Runnable {
    @Override
    public void run() {
      context.enter();
      callback.run();
    }
  }
}
