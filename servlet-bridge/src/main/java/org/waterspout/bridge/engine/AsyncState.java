// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an asynchronous request is, Servlet 6.1 section 2.3.3.3, and what the container does next
 * for it: one thing after the other, on at most one thread. When there is nothing to do, the thread
 * ends, and whatever happens then has another one started. So of complete, dispatch, timeout and
 * failure the first one wins. Safe for all threads.
 *
 * <pre>
 *   DISPATCHING  filters and servlet run, and have begun nothing (more)
 *        | startAsync                                    | return: ENDED
 *   STARTED      they run, and it is begun
 *        | return
 *   WAITING      the application has the request
 *        | timeout, failure
 *   NOTIFYING    listeners, then the error page are told; unless they decide: COMPLETE
 *
 *   complete, dispatch in any of the last three: COMPLETE, DISPATCH; when the dispatch has returned
 *   COMPLETE     listeners are told: ENDED
 *   DISPATCH     DISPATCHING, with dispatcher type ASYNC
 * </pre>
 */
final class AsyncState {
  /** What the container does next. */
  enum Step {
    DISPATCH,
    FAIL,
    TIME_OUT,
    READ,
    WRITE,
    END,
    PARK
  }

  private enum State {
    DISPATCHING,
    STARTED,
    WAITING,
    NOTIFYING,
    DISPATCH,
    COMPLETE,
    ENDED
  }

  private final AsyncRun run;
  private final BodyStream input;
  private final WriteSide output;

  // ---- guarded by this

  private State state = State.STARTED;

  /** Whether a thread of the container is at work. */
  private boolean running = true;

  /** Whether filters and servlet, or a listener of a stream, run on it. */
  private boolean inDispatch = true;

  /** Whether the dispatch that called startAsync last has returned. */
  private boolean returned;

  private boolean timedOut;

  /** What has come from outside; null if nothing has. */
  private @Nullable Throwable failure;

  /** Whether it was told: it is, once. */
  private boolean failureTold;

  /** Where the container dispatches to, or did last. */
  private Dispatcher target;

  /** STARTED, in a dispatch to the target. */
  AsyncState(AsyncRun run, BodyStream input, WriteSide output, Dispatcher target) {
    this.run = run;
    this.input = input;
    this.output = output;
    this.target = target;
  }

  // ---- what the application asks and decides

  /** As ServletRequest.isAsyncStarted says: a dispatch that runs does not see its end coming. */
  synchronized boolean started() {
    return switch (state) {
      case STARTED, WAITING, NOTIFYING -> true;
      case DISPATCH, COMPLETE -> inDispatch;
      case DISPATCHING, ENDED -> false;
    };
  }

  /** startAsync within an asynchronous dispatch. */
  synchronized void restart() {
    if (state != State.DISPATCHING) {
      throw new IllegalStateException("startAsync: " + reason());
    }
    state = State.STARTED;
    returned = false;
    timedOut = false;
  }

  /** Refuses what comes after complete or dispatch. */
  synchronized void checkOpen(String call) {
    if (state != State.STARTED && state != State.WAITING && state != State.NOTIFYING) {
      throw new IllegalStateException(call + ": " + reason());
    }
  }

  /** Refuses what comes after the dispatch in which startAsync was called. */
  synchronized void checkInDispatch(String call) {
    if (returned || state == State.DISPATCHING) {
      throw new IllegalStateException(
          call + ": the dispatch that called startAsync has returned to the container");
    }
  }

  private String reason() {
    return switch (state) {
      case DISPATCHING -> "startAsync was not called in this dispatch";
      case STARTED -> "startAsync was called before in this dispatch";
      case WAITING, NOTIFYING -> "not in a dispatch of the container";
      case DISPATCH -> "dispatch was called before";
      case COMPLETE, ENDED -> "the asynchronous processing is complete";
    };
  }

  /** True if it is the end, and the caller's: parked, with nothing left to do. */
  synchronized boolean complete() {
    checkOpen("complete");
    if (!running && run.leavesNothing()) {
      state = State.ENDED;
      return true;
    }
    state = State.COMPLETE;
    wake();
    return false;
  }

  synchronized void dispatch(Dispatcher dispatcher) {
    checkOpen("dispatch");
    state = State.DISPATCH;
    target = dispatcher;
    wake();
  }

  synchronized Dispatcher target() {
    return target;
  }

  // ---- what comes from outside

  synchronized void timeUp() {
    if (state == State.WAITING) {
      timedOut = true;
      wake();
    }
  }

  /** The first failure counts. */
  synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
      wakeIfWaiting();
    }
  }

  /** A listener of a stream has something to be told. */
  synchronized void streamIsDue() {
    wakeIfWaiting();
  }

  private void wakeIfWaiting() {
    if (state == State.WAITING) {
      wake();
    }
  }

  private void wake() {
    if (!running) {
      running = true;
      run.unpark();
    }
  }

  // ---- what the container does

  /** What is next, when all before it has been done. Behind PARK and END its thread ends. */
  synchronized Step next() {
    inDispatch = false;
    returned = true;
    return switch (state) {
      case STARTED -> {
        state = State.WAITING;
        run.startClock();
        yield nextOfWaiting();
      }
      case WAITING -> nextOfWaiting();
      case DISPATCH -> {
        state = State.DISPATCHING;
        inDispatch = true;
        yield Step.DISPATCH;
      }
      case DISPATCHING, COMPLETE -> end();
      case NOTIFYING, ENDED -> throw new IllegalStateException("in state " + state);
    };
  }

  private Step nextOfWaiting() {
    if (failure != null) {
      // Told once: if it goes on all the same, there is nothing to wait for any more.
      return failureTold ? end() : tellOfFailure();
    }
    if (timedOut) {
      state = State.NOTIFYING;
      return Step.TIME_OUT;
    }
    if (input.isDue()) {
      inDispatch = true;
      return Step.READ;
    }
    if (output.isDue()) {
      inDispatch = true;
      return Step.WRITE;
    }
    running = false;
    run.park();
    return Step.PARK;
  }

  private Step end() {
    state = State.ENDED;
    return Step.END;
  }

  private Step tellOfFailure() {
    failureTold = true;
    state = State.NOTIFYING;
    return Step.FAIL;
  }

  /** What {@link Step#FAIL} is about. */
  synchronized Throwable failure() {
    return Objects.requireNonNull(failure, "failure");
  }

  /**
   * A dispatch has failed: NOTIFYING, unless the application has called complete. A dispatch that
   * it has asked for does not come. Whether it is so.
   */
  synchronized boolean dispatchFailed() {
    inDispatch = false;
    returned = true;
    if (state == State.COMPLETE) {
      return false;
    }
    state = State.NOTIFYING;
    return true;
  }

  /** A listener of a stream has failed: NOTIFYING, unless it has decided. Whether it is so. */
  synchronized boolean listenerFailed() {
    inDispatch = false;
    if (state != State.WAITING) {
      return false;
    }
    state = State.NOTIFYING;
    return true;
  }

  /** Whether none of those that are being told has decided. */
  synchronized boolean undecided() {
    return state == State.NOTIFYING;
  }

  /** All have been told: if none has decided, the container does. */
  synchronized void settle() {
    if (state == State.NOTIFYING) {
      state = State.COMPLETE;
    }
  }
}
