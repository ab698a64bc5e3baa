// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that is done on somebody's behalf, such as a request's: it has a name for logs, may have a
 * deadline, and can be cancelled as a whole. A {@link Context} carries it to the callbacks and
 * coroutines that come of it.
 *
 * <p>What a scope ends when it is cancelled are the awaits and coroutines of its contexts, and the
 * futures that were {@linkplain #cancelWith given to it}: fetches give themselves. As with a
 * coroutine's own cancellation this happens once; what begins afterwards, in a {@code finally}
 * block say, goes on. All methods belong on the loop.
 */
public final class Scope {
  private final IOLoop loop;
  private final Supplier<String> name;
  private @Nullable ScopeMember first; // who began first is cancelled first
  private @Nullable ScopeMember last;
  private @Nullable Timeout timeout; // null: no deadline
  private boolean cancelled;

  /**
   * A scope.
   *
   * @param name asked, on the loop, whenever somebody wants the name
   */
  public Scope(IOLoop loop, Supplier<String> name) {
    this.loop = Objects.requireNonNull(loop, "loop");
    this.name = Objects.requireNonNull(name, "name");
  }

  /** Whose work this is, for logs. */
  public String name() {
    loop.checkOnLoop("Scope.name");
    return name.get();
  }

  /** Whether it was cancelled. */
  public boolean isCancelled() {
    loop.checkOnLoop("Scope.isCancelled");
    return cancelled;
  }

  /**
   * Fails pending awaits with a {@link CancellationException}, and cancels coroutines and futures.
   * They end in the loop's next turn. A second call does nothing.
   *
   * @param reason the exception's message
   */
  public void cancel(String reason) {
    loop.checkOnLoop("Scope.cancel");
    if (cancelled) {
      return;
    }
    cancelled = true;
    removeDeadline();
    for (var member = first; member != null; member = first) {
      member.leave();
      member.cancel(reason);
    }
  }

  /** Has a future cancelled with this scope, unless it is done before. */
  public void cancelWith(LoopFuture<?> future) {
    loop.checkOnLoop("Scope.cancelWith");
    if (cancelled || future.isDone()) {
      return;
    }
    var member =
        new ScopeMember() {
          @Override
          void cancel(String reason) {
            future.cancel(false);
          }
        };
    add(member);
    loop.addFuture(future, _ -> member.leave()); // the future may be another loop's
  }

  /**
   * Sets the deadline, in place of one that was set before.
   *
   * @param whenOver called as a callback of the loop, in the caller's context
   */
  public void setDeadline(Duration fromNow, Runnable whenOver) {
    loop.checkOnLoop("Scope.setDeadline");
    removeDeadline();
    if (!cancelled) {
      timeout = loop.callLater(fromNow, whenOver);
    }
  }

  /** Goes on without a deadline. */
  public void removeDeadline() {
    loop.checkOnLoop("Scope.removeDeadline");
    if (timeout != null) {
      loop.removeTimeout(timeout);
      timeout = null;
    }
  }

  /** How long there is until the deadline, not less than zero; null if there is none. */
  public @Nullable Duration remaining() {
    loop.checkOnLoop("Scope.remaining");
    return timeout == null ? null : Duration.ofNanos(Math.max(0, timeout.deadline - loop.time()));
  }

  IOLoop loop() {
    return loop;
  }

  /** How much would be cancelled. For tests. */
  int size() {
    int size = 0;
    for (var member = first; member != null; member = member.next) {
      size++;
    }
    return size;
  }

  void add(ScopeMember member) {
    if (cancelled) {
      return;
    }
    member.scope = this;
    member.previous = last;
    if (last == null) {
      first = member;
    } else {
      last.next = member;
    }
    last = member;
  }

  /** Takes out one that is in the list. */
  void remove(ScopeMember member) {
    if (member.previous == null) {
      first = member.next;
    } else {
      member.previous.next = member.next;
    }
    if (member.next == null) {
      last = member.previous;
    } else {
      member.next.previous = member.previous;
    }
    member.scope = null;
    member.previous = null;
    member.next = null;
  }
}
