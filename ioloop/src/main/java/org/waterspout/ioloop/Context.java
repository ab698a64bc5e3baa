// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a callback carries along from the place where it was stored: where its exceptions go, and on
 * whose behalf it runs.
 *
 * <p>Every callback, timeout and future's dependent captures the context in which it was stored and
 * runs in it; a coroutine finds its own again after each await. A context is immutable. It is also
 * the executor that runs tasks in it, as callbacks of its loop. Tornado: {@code StackContext}.
 */
public final class Context implements Executor {
  private final IOLoop loop;
  private final @Nullable Consumer<Throwable> errorRoute; // null: the loop logs
  private final @Nullable Scope scope; // null: nobody's

  Context(IOLoop loop, @Nullable Consumer<Throwable> errorRoute, @Nullable Scope scope) {
    this.loop = loop;
    this.errorRoute = errorRoute;
    this.scope = scope;
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
    return new Context(loop, Objects.requireNonNull(route, "route"), scope);
  }

  /**
   * The same context, but as a part of a scope.
   *
   * @throws IllegalArgumentException if that is another loop's
   */
  public Context withScope(Scope scope) {
    if (!scope.loop().equals(loop)) {
      throw new IllegalArgumentException("a scope of " + scope.loop() + ", not of " + loop);
    }
    return new Context(loop, errorRoute, scope);
  }

  /** On whose behalf code in this context runs; null if on nobody's. */
  public @Nullable Scope scope() {
    return scope;
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

  /**
   * Starts a coroutine in this context, as {@link IOLoop#spawn} does in the caller's. In the loop's
   * {@linkplain IOLoop#rootContext() root context} it outlives the request that starts it. From any
   * thread, but on the loop if this context has a scope.
   */
  public <T> LoopFuture<T> spawn(Callable<T> body) {
    var spawned = new Coroutine<T>(loop, Objects.requireNonNull(body, "body"));
    if (scope != null) {
      loop.checkOnLoop("Context.spawn");
      spawned.enterScope(scope);
    }
    loop.addCallback(this, spawned);
    return spawned;
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
