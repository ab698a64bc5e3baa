// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * An event loop: callbacks, timeouts and ready channels, one after the other. Tornado: {@code
 * IOLoop}.
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
  private static final int MAX_CALLBACKS_PER_TURN = 512; // then poll, even if more are ready
  private static final int MAX_TURNS_PER_POLL = 64; // a poll costs as much as many callbacks
  private static final long MAX_NANOS_PER_POLL = 50_000;
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
  private final Selector selector;
  private final Baton baton;
  private final OffLoopWaiters waiters = new OffLoopWaiters();
  private final Context root = new Context(this, null);

  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final Queue<Runnable> external = new ConcurrentLinkedQueue<>(); // from other threads
  private final Timers timers = new Timers();
  private long timeoutSequence;
  private int budget; // callbacks that are left in this turn
  private int turnsSincePoll;
  private long lastPoll;
  private Context context = root;
  private @Nullable Coroutine<?> coroutine; // whose code runs now, if it is one's
  private @Nullable Object[] locals = new Object[8];

  private final Run run = new Run();
  private volatile State state = State.STOPPED;
  private volatile boolean stopRequested;
  private volatile boolean sleeping; // about to block in select, or blocked
  private @Nullable Throwable fatal; // why the run ended early; read by start after its end

  /** A loop on the system's monotonic clock. */
  public IOLoop() {
    this(System::nanoTime);
  }

  /** A loop whose timeouts go by another clock, in nanoseconds of any origin. */
  public IOLoop(LongSupplier clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector for " + name, e);
    }
    baton = new Baton(this, Carrier.open(name), name);
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
    schedule(captured == root ? callback : new BoundCallback(captured, callback));
  }

  private record BoundCallback(Context context, Runnable callback) implements Runnable {
    @Override
    public void run() {
      context.enter();
      callback.run();
    }
  }

  /** Queues a task of the loop's own, or a callback that knows its context. From any thread. */
  void schedule(Runnable task) {
    if (baton.held()) {
      ready.add(task);
      return;
    }
    if (state == State.CLOSED) {
      return;
    }
    external.add(task);
    if (sleeping) {
      selector.wakeup();
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
            time() + saturatedNanos(delay),
            timeoutSequence++,
            context,
            Objects.requireNonNull(callback, "callback"));
    timers.add(timeout);
    return timeout;
  }

  /** Cancels a timeout. Does nothing if it has run. */
  public void removeTimeout(Timeout timeout) {
    checkOnLoop("IOLoop.removeTimeout");
    timers.remove(timeout);
    timeout.remove();
  }

  /** At most half the range of a long, so that deadlines can be compared by their difference. */
  private static long saturatedNanos(Duration delay) {
    if (delay.isNegative()) {
      return 0;
    }
    return delay.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) < 0
        ? delay.toNanos()
        : Long.MAX_VALUE / 2;
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
    var old = channel.keyFor(selector);
    if (old != null && old.isValid()) {
      throw new IllegalStateException(channel + " already has a handler");
    }
    if (old != null) {
      selectNow(); // a removed key leaves the selector only here
    }
    var registration = new Registration(channel, ops, handler, context);
    registration.attachTo(channel.register(selector, ops, registration));
  }

  /**
   * Changes what the channel's handler waits for.
   *
   * @throws IllegalStateException if the channel has no handler
   */
  public void updateHandler(SelectableChannel channel, int ops) {
    checkOnLoop("IOLoop.updateHandler");
    var key = channel.keyFor(selector);
    if (key == null || !key.isValid()) {
      throw new IllegalStateException(channel + " has no handler");
    }
    ((Registration) key.attachment()).setInterest(ops);
  }

  /** Calls the channel's handler no more. Does nothing if it has none. */
  public void removeHandler(SelectableChannel channel) {
    checkOnLoop("IOLoop.removeHandler");
    var key = channel.keyFor(selector);
    if (key != null) {
      key.cancel();
    }
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
    baton.suspend(parked);
    context = myContext;
    coroutine = myCoroutine;
    if (myCoroutine != null) {
      myCoroutine.setParked(null);
    }
    if (timeout != null) {
      removeTimeout(timeout);
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
    var reason = fatal;
    fatal = null;
    if (reason != null) {
      throw Failures.unchecked(reason);
    }
  }

  /** Ends the run after the current turn. Parked coroutines stay parked. From any thread. */
  public void stop() {
    stopRequested = true;
    if (sleeping) {
      selector.wakeup();
    }
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
    external.clear();
    waiters.failAll(new LoopClosedException(name + " was closed"));
    baton.close();
    try {
      selector.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "closing the selector of " + name, e);
    }
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

  /** The work of a run's first leader: it collects what came before the run, then leads. */
  void begin() {
    if (state == State.CLOSING) {
      failEverything();
    } else {
      beginTurn();
    }
    lead();
  }

  private void beginTurn() {
    queueExternal();
    queueDueTimeouts();
    limitTurn();
  }

  private void limitTurn() {
    budget = Math.min(ready.size(), MAX_CALLBACKS_PER_TURN);
  }

  /** The work of a leader: turns until the loop stops or the baton goes to somebody else. */
  void lead() {
    CURRENT.set(this);
    try {
      while (runCallbacks()) {
        if (mayEnd()) {
          endRun();
          return;
        }
        poll();
      }
    } catch (Throwable e) { // a defect of the loop itself: better to end than to hang
      fatal = e;
      endRun();
    }
  }

  /** The first part of a turn. False: the baton went to somebody else, and this thread must end. */
  private boolean runCallbacks() {
    while (budget > 0) {
      budget--;
      var next = ready.remove();
      if (!(next instanceof Parked parked)) {
        runGuarded(next);
      } else if (!parked.abandoned()) {
        baton.passTo(parked);
        return false;
      }
    }
    return true;
  }

  private boolean mayEnd() {
    return state == State.CLOSING ? baton.parkedCount() == 0 : stopRequested;
  }

  private void endRun() {
    stopRequested = false;
    baton.putDown();
    run.end(
        () -> {
          if (state == State.RUNNING) {
            state = State.STOPPED;
          }
        });
  }

  /** The rest of a turn: due timeouts, poll, events, and what other threads sent. */
  private void poll() throws IOException {
    Thread.interrupted(); // a callback's leftover would keep select from blocking
    if (state == State.CLOSING) {
      keepOnlyParked();
      return;
    }
    queueExternal();
    queueDueTimeouts();
    if (pollMayWait()) {
      limitTurn();
      return;
    }
    var wait = ready.isEmpty() && !stopRequested ? timers.untilNext(time()) : 0;
    if (wait == 0) {
      selectNow();
    } else {
      sleepInSelect(wait);
    }
    turnsSincePoll = 0;
    lastPoll = time();
    beginTurn();
  }

  /** While callbacks are ready, not every turn needs to look at the channels. */
  private boolean pollMayWait() {
    return !ready.isEmpty()
        && ++turnsSincePoll < MAX_TURNS_PER_POLL
        && time() - lastPoll < MAX_NANOS_PER_POLL;
  }

  private void selectNow() {
    try {
      selector.selectNow(this::queueReady);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sleepInSelect(long nanos) throws IOException {
    sleeping = true; // before the last look: who adds after it sees the flag and wakes us
    if (external.isEmpty() && !stopRequested) {
      var millis = nanos == Long.MAX_VALUE ? 0 : Math.max(1, (nanos + 999_999) / 1_000_000);
      selector.select(this::queueReady, millis);
    } else {
      selectNow();
    }
    sleeping = false;
  }

  /** Called inside select, so it only queues. */
  private void queueReady(SelectionKey key) {
    var registration = (Registration) key.attachment();
    try {
      if (registration.noteReady(key.readyOps())) {
        ready.add(registration);
      }
    } catch (CancelledKeyException closed) { // by another thread, just now
      Log.GENERAL.log(Level.DEBUG, "a channel was closed while it became ready");
    }
  }

  private void queueExternal() {
    for (var task = external.poll(); task != null; task = external.poll()) {
      ready.add(task);
    }
  }

  private void queueDueTimeouts() {
    if (timers.isEmpty()) {
      return;
    }
    var now = time();
    for (var due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
      ready.add(due);
    }
  }

  /** The first act of closing. */
  private void failEverything() {
    timers.clear();
    baton.failAll(new LoopClosedException(name + " was closed during an await"));
    keepOnlyParked();
  }

  private void keepOnlyParked() {
    queueExternal();
    ready.removeIf(task -> !(task instanceof Parked));
    budget = ready.size();
  }

  /** The one door to other people's code. */
  private void runGuarded(Runnable callback) {
    context = root;
    coroutine = null;
    try {
      callback.run();
    } catch (Throwable e) {
      failed(e instanceof Registration.HandlerException ? e.getCause() : e);
    }
  }

  private void failed(@Nullable Throwable failure) {
    stopIfFatal(failure);
    var route = context.errorRoute();
    if (route == null || failure == null) {
      Log.APPLICATION.log(Level.ERROR, "Exception in callback", failure);
      return;
    }
    try {
      route.accept(failure);
    } catch (Throwable e) {
      stopIfFatal(e);
      Log.APPLICATION.log(Level.ERROR, "Exception in callback", failure);
      Log.APPLICATION.log(Level.ERROR, "Exception in the error route of that callback", e);
    }
  }

  private void stopIfFatal(@Nullable Throwable failure) {
    if (isFatal(failure)) {
      fatal = failure;
      stopRequested = true;
    }
  }

  /**
   * Whether the loop cannot be trusted to go on. A stack overflow is not: it ends one request's
   * recursion and leaves nothing behind.
   */
  static boolean isFatal(@Nullable Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  /** Lets an error that must stop the loop reach its guard. For code that answers every failure. */
  public static void rethrowIfFatal(Throwable failure) {
    if (isFatal(failure)) {
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

  @Nullable Object local(int index) {
    return index < locals.length ? locals[index] : null;
  }

  void setLocal(int index, @Nullable Object value) {
    if (index >= locals.length) {
      locals = Arrays.copyOf(locals, Math.max(index + 1, locals.length * 2));
    }
    locals[index] = value;
  }
}
