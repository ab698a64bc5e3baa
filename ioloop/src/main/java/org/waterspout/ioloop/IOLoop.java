// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: callbacks, timeouts and ready channels, one after the other. Tornado: {@code
 * IOLoop}. What a turn does is in {@link Turns}, how an await hands the loop over in {@link Baton}.
 *
 * <p>Life: made, {@link #start started} and {@link #stop stopped} any number of times, {@link
 * #close closed} once. While it runs, exactly one virtual thread holds it; code that the loop calls
 * is "on the loop" and may {@link org.waterspout.gen.Gen#await await}, during which another thread
 * holds the loop and calls other code. Between awaits, only one piece of code runs on a loop at a
 * time; a callback source never calls again while its previous call is parked.
 *
 * <p>Threads: {@link #addCallback}, {@link #spawn}, {@link #stop}, {@link #close} and the static
 * methods may be called from anywhere, all else on the loop only.
 *
 * <p>Exceptions of callbacks are logged, or go where their {@link Context} sends them, and the loop
 * goes on. After an error of the virtual machine other than a stack overflow it stops, and {@link
 * #start} throws the error.
 */
public final class IOLoop implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ThreadLocal<IOLoop> CURRENT = new ThreadLocal<>();

  private enum State {
    STOPPED,
    RUNNING,
    CLOSING,
    CLOSED
  }

  private final String name = "waterspout-loop-" + COUNT.incrementAndGet();
  private final LongSupplier clock;
  private final Baton baton;
  private final Turns turns;
  private final OffLoopWaiters waiters = new OffLoopWaiters();
  private final Context root = new Context(this, null);

  private long timeoutSequence;
  private Context context = root;
  private @Nullable Coroutine<?> coroutine; // whose code runs now, if it is one's
  private final LoopLocal.Values locals = new LoopLocal.Values();

  private final Run run = new Run();
  private volatile State state = State.STOPPED;

  /** A loop on the system's monotonic clock. */
  public IOLoop() {
    this(System::nanoTime);
  }

  /** A loop whose timeouts go by another clock, in nanoseconds of any origin. */
  public IOLoop(LongSupplier clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    baton = new Baton(this, Carrier.open(name), name);
    turns = new Turns(this, baton);
  }

  /** The process's own loop, made when first asked for. In a container: one per web application. */
  public static IOLoop instance() {
    return Instance.LOOP;
  }

  private static final class Instance {
    static final IOLoop LOOP = new IOLoop();
  }

  /** The loop that the calling thread is on or was bound to, else {@link #instance}. */
  public static IOLoop current() {
    var bound = CURRENT.get();
    return bound != null ? bound : instance();
  }

  /** Binds the calling thread, which is not on any loop, to this one: see {@link #current}. */
  public void makeCurrent() {
    checkOffLoops("makeCurrent()");
    CURRENT.set(this);
  }

  /** Undoes {@link #makeCurrent} for the calling thread. */
  public static void clearCurrent() {
    checkOffLoops("clearCurrent()");
    CURRENT.remove();
  }

  private static void checkOffLoops(String what) {
    var here = CURRENT.get();
    if (here != null && here.onLoop()) {
      throw new IllegalStateException(what + " was called on a loop");
    }
  }

  /** Whether the calling thread holds this loop. From any thread. */
  public boolean onLoop() {
    return baton.held();
  }

  /**
   * Refuses callers that do not hold this loop. From any thread.
   *
   * @param what the call to name in the message: {@code "RequestHandler.write"}
   * @throws IllegalStateException if the calling thread is not on the loop
   */
  public void checkOnLoop(String what) {
    if (!baton.held()) {
      throw new IllegalStateException(
          what + " was called off the loop; hand it over with loop.addCallback(...)");
    }
  }

  /** Whether the loop's threads ride a carrier of their own. From any thread. */
  public boolean customCarrier() {
    return baton.hasCarrier();
  }

  /** Whether the loop is started and has not ended yet. From any thread. */
  public boolean isRunning() {
    return state == State.RUNNING;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** The loop's clock, in nanoseconds. From any thread. */
  public long time() {
    return clock.getAsLong();
  }

  /** The context of the code that runs now. On the loop only. */
  public Context context() {
    checkOnLoop("IOLoop.context");
    return context;
  }

  // ---- what the loop is given to do

  /**
   * Runs a callback in the next turn, in the order of the calls, in the caller's context. From any
   * thread. On a closed loop it does nothing.
   */
  public void addCallback(Runnable callback) {
    addCallback(contextOfCaller(), callback);
  }

  void addCallback(Context captured, Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    schedule(captured == root ? callback : captured.bind(callback));
  }

  /** Queues a task of the loop's own, or a callback that knows its context. From any thread. */
  void schedule(Runnable task) {
    if (state != State.CLOSED) {
      turns.schedule(task);
    }
  }

  /**
   * Starts a coroutine in the next turn and gives its future. Cancelling the future fails the await
   * in which the coroutine is parked, or keeps it from starting. From any thread.
   */
  public <T> LoopFuture<T> spawn(Callable<T> body) {
    var spawned = new Coroutine<T>(this, Objects.requireNonNull(body, "body"));
    addCallback(spawned);
    return spawned;
  }

  /**
   * Runs a callback once, not before the delay has passed. Equal deadlines keep their order.
   *
   * @return what {@link #removeTimeout} takes
   */
  public Timeout callLater(Duration delay, Runnable callback) {
    checkOnLoop("IOLoop.callLater");
    var timeout =
        new Timeout(
            Timers.deadline(time(), delay),
            timeoutSequence++,
            context,
            Objects.requireNonNull(callback, "callback"));
    turns.timers().add(timeout);
    return timeout;
  }

  /** Cancels a timeout. Does nothing if it has run. */
  public void removeTimeout(Timeout timeout) {
    checkOnLoop("IOLoop.removeTimeout");
    turns.timers().remove(timeout);
    timeout.remove();
  }

  /**
   * Calls a handler whenever the channel is ready, until {@link #removeHandler} or the channel's
   * close. The channel must be non-blocking.
   *
   * @param ops operations of {@link SelectionKey}
   * @throws IllegalStateException if the channel has a handler already
   */
  public void addHandler(SelectableChannel channel, int ops, IOHandler handler)
      throws ClosedChannelException {
    checkOnLoop("IOLoop.addHandler");
    turns.events().add(channel, ops, handler, context);
  }

  /**
   * Changes what the channel's handler waits for.
   *
   * @throws IllegalStateException if the channel has no handler
   */
  public void updateHandler(SelectableChannel channel, int ops) {
    checkOnLoop("IOLoop.updateHandler");
    turns.events().update(channel, ops);
  }

  /** Calls the channel's handler no more. Does nothing if it has none. */
  public void removeHandler(SelectableChannel channel) {
    checkOnLoop("IOLoop.removeHandler");
    turns.events().remove(channel);
  }

  // ---- waiting

  /**
   * Waits for a stage: what {@link org.waterspout.gen.Gen#await} does.
   *
   * @throws IllegalStateException off the loop, if the stage is not complete and its loop, or the
   *     caller's, does not run
   */
  public static <T> T await(CompletionStage<T> stage) {
    var future = stage.toCompletableFuture();
    suspendUninterruptibly(future);
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case CANCELLED, FAILED -> throw Failures.ofAwait(future);
      case RUNNING -> throw new IllegalStateException("still running after its end");
    };
  }

  /**
   * Suspends the caller until the stage is complete or the limit is over: on a loop by parking its
   * stack, elsewhere by blocking its thread, which is not done where a limit is given.
   *
   * @return whether the caller was on a loop
   * @throws InterruptedException off the loop, if the calling thread is interrupted
   */
  static boolean suspendUntilDone(CompletableFuture<?> future, @Nullable Duration limit)
      throws InterruptedException {
    var loop = CURRENT.get();
    var onLoop = loop != null && loop.onLoop();
    if (future.isDone()) {
      return onLoop;
    }
    if (onLoop) {
      loop.suspend(future, limit);
    } else if (limit == null) {
      var its = future instanceof LoopFuture<?> ours ? ours.loop() : current();
      its.waiters.block(future, its);
    }
    return onLoop;
  }

  /** For callers that may not throw InterruptedException. */
  static void suspendUninterruptibly(CompletableFuture<?> future) {
    try {
      suspendUntilDone(future, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting off the loop", e);
    }
  }

  private void suspend(CompletionStage<?> stage, @Nullable Duration limit) {
    if (state == State.CLOSING) {
      throw new LoopClosedException(name + " was closed during an await");
    }
    var parked = new Parked(this);
    var myContext = context;
    var myCoroutine = coroutine;
    var timeout = limit == null ? null : callLater(limit, parked::wake);
    LoopFuture.observe(stage, (value, failure) -> parked.wake());
    if (myCoroutine != null) {
      myCoroutine.setParked(parked);
    }
    try {
      baton.suspend(parked);
    } finally { // it throws where no other thread could take over
      context = myContext;
      coroutine = myCoroutine;
      if (myCoroutine != null) {
        myCoroutine.setParked(null);
      }
      if (timeout != null) {
        removeTimeout(timeout);
      }
    }
    parked.throwIfFailed();
  }

  /**
   * Starts the loop, runs {@code body} on it as a coroutine, stops the loop and returns the result.
   * Off every loop, while this one does not run.
   *
   * @throws LoopClosedException if something else stopped the loop before the body ended
   */
  public <T> T runSync(Callable<T> body) throws Exception {
    var result = new Coroutine<T>(this, Objects.requireNonNull(body, "body"));
    var waiting = new AtomicBoolean(true);
    run(
        () -> {
          addCallback(result);
          LoopFuture.observe(
              result,
              (value, failure) -> {
                if (waiting.get()) {
                  stop();
                }
              });
        });
    waiting.set(false); // a body that another stop left parked does not stop the next run
    if (!result.isDone()) {
      throw new LoopClosedException(name + " was stopped before runSync's body ended");
    }
    if (result.isCompletedExceptionally()) {
      throw Failures.original(result);
    }
    return result.resultNow();
  }

  /**
   * {@link #runSync(Callable)} with a limit, after which the body is cancelled.
   *
   * @throws TimeoutException if the body did not end in time
   */
  public <T> T runSync(Duration limit, Callable<T> body) throws Exception {
    var expired = new boolean[1];
    try {
      return runSync(
          () -> {
            var inner = spawn(body);
            var timeout =
                callLater(
                    limit,
                    () -> {
                      expired[0] = true;
                      inner.cancel(true);
                    });
            try {
              return await(inner);
            } finally {
              removeTimeout(timeout);
            }
          });
    } catch (CancellationException e) {
      if (!expired[0]) {
        throw e;
      }
      var timedOut = new TimeoutException("runSync's body did not end within " + limit);
      timedOut.initCause(e);
      throw timedOut;
    }
  }

  // ---- life

  /**
   * Runs the loop and returns when it was stopped. A {@link #stop} that came before ends it after
   * one turn. An interrupt of the caller stops the loop and is kept.
   *
   * @throws IllegalStateException if the loop runs, was closed, or the caller is on a loop
   */
  public void start() {
    run(() -> {});
  }

  private void run(Runnable whenBegun) {
    checkOffLoops("start()");
    var begun = Objects.requireNonNull(run.begin(() -> enterState(State.RUNNING)));
    whenBegun.run();
    baton.pickUp();
    Run.awaitEnd(begun, this::stop);
    var reason = turns.takeFatal();
    if (reason != null) {
      throw Failures.unchecked(reason);
    }
  }

  /** Ends the run after the current turn. Parked coroutines stay parked. From any thread. */
  public void stop() {
    turns.requestStop();
  }

  /**
   * Ends the loop for good: stops it if it runs, fails every pending await with {@link
   * LoopClosedException} so that {@code finally} blocks run, and waits for them. Callbacks and
   * timeouts that have not run are dropped; registered channels stay open. From any thread that is
   * not on the loop; a second call does nothing.
   */
  @Override
  public void close() {
    if (onLoop()) {
      throw new IllegalStateException("close() was called on the loop; stop() it, then close it");
    }
    var closing = run.endThenBegin(this::stop, () -> enterState(State.CLOSING));
    if (closing == null) {
      return;
    }
    baton.pickUp();
    Run.awaitEnd(closing, () -> {});
    state = State.CLOSED;
    turns.close();
    waiters.failAll(new LoopClosedException(name + " was closed"));
    baton.close();
  }

  /** True if a run in the new state is to begin. */
  private boolean enterState(State next) {
    if (state == State.CLOSED || state == State.CLOSING) {
      if (next == State.CLOSING) {
        return false;
      }
      throw new IllegalStateException(name + " is closed");
    }
    if (state == State.RUNNING) {
      throw new IllegalStateException(name + " is running already");
    }
    state = next;
    return true;
  }

  /** The work of a run's first leader. */
  void begin() {
    CURRENT.set(this);
    turns.begin(state == State.CLOSING);
  }

  /** The work of a leader that takes over. */
  void lead() {
    CURRENT.set(this);
    turns.lead();
  }

  /** The last act of a run's last leader. */
  void endRun() {
    baton.putDown();
    run.end(
        () -> {
          if (state == State.RUNNING) {
            state = State.STOPPED;
          }
        });
  }

  /** Nothing of the callback that ran before holds for the next. */
  void enterBaseLevel() {
    context = root;
    coroutine = null;
  }

  /** Lets an error that must stop the loop reach its guard. For code that answers every failure. */
  public static void rethrowIfFatal(Throwable failure) {
    if (Failures.isFatal(failure)) {
      throw (VirtualMachineError) failure;
    }
  }

  Context contextOfCaller() {
    return baton.held() ? context : root;
  }

  void setContext(Context next) {
    context = next;
  }

  void setCoroutine(Coroutine<?> started) {
    coroutine = started;
  }

  LoopLocal.Values locals() {
    return locals;
  }
}
