// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
 * <p>Threads: what may be called from any thread says so, all else is for code on the loop.
 *
 * <p>Exceptions of callbacks are logged, or go where their {@link Context} sends them, and the loop
 * goes on. After an error of the virtual machine other than a stack overflow it stops, and {@link
 * #start} throws the error.
 */
public final class IOLoop implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name = "waterspout-loop-" + COUNT.incrementAndGet();
  private final LongSupplier clock;
  private final Baton baton;
  private final Turns turns;
  private final OffLoopWaiters waiters = new OffLoopWaiters(this);
  private final Context root = new Context(this, null, null);
  private final LoopLocal.Values locals = new LoopLocal.Values();
  private final Run run;

  private volatile Executor defaultExecutor = BlockingThreads.OF_PROCESS;
  private volatile long blockingLogThreshold = 1_000_000_000; // nanoseconds
  private Context context = root;
  private @Nullable Coroutine<?> coroutine; // whose code runs now, if it is one's

  /** A loop on the system's monotonic clock. */
  public IOLoop() {
    this(System::nanoTime);
  }

  /** A loop whose timeouts go by another clock, in nanoseconds of any origin. */
  public IOLoop(LongSupplier clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    Failures.load();
    var carrier = Carrier.open(name);
    baton = new Baton(this, carrier, name);
    try {
      turns = new Turns(this, baton, carrier);
    } catch (Throwable e) { // there may be no descriptors left for a selector
      baton.close();
      throw e;
    }
    run = new Run(name);
  }

  /** The process's own loop, made when first asked for. In a container: one per web application. */
  public static IOLoop instance() {
    return CurrentLoop.Instance.LOOP;
  }

  /** The loop that the calling thread is on or was bound to, else {@link #instance}. */
  public static IOLoop current() {
    return CurrentLoop.orInstance();
  }

  /** Binds the calling thread, which is not on any loop, to this one: see {@link #current}. */
  public void makeCurrent() {
    CurrentLoop.checkOffLoops("makeCurrent()");
    CurrentLoop.set(this);
  }

  /** Undoes {@link #makeCurrent} for the calling thread. */
  public static void clearCurrent() {
    CurrentLoop.checkOffLoops("clearCurrent()");
    CurrentLoop.clear();
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
    return run.isRunning();
  }

  boolean isClosing() {
    return run.isClosing();
  }

  boolean isClosed() {
    return run.isClosed();
  }

  /** The loop's clock, in nanoseconds. From any thread. */
  public long time() {
    return clock.getAsLong();
  }

  /**
   * How long a channel that became ready may have had to wait lately: the longest time between two
   * looks at the channels in the last second or two, or the time since the last look if that is
   * longer. While the loop sleeps, or waits for a thread to run on, it does not grow. From any
   * thread.
   */
  public Duration lag() {
    return turns.pulse().lag(time());
  }

  /**
   * How long code may hold the loop before that is logged: with the stack of the code and, where it
   * waits for a lock that somebody owns, the owner's. One second unless it was set. {@link
   * Duration#ZERO} logs nothing. From any thread.
   */
  public void setBlockingLogThreshold(Duration threshold) {
    blockingLogThreshold = Timers.nanos(threshold);
    Watchdog.ofProcess().limitChanged();
  }

  long blockingLogThreshold() {
    return blockingLogThreshold;
  }

  /** Who gets, on the loop, what callbacks throw and no {@link Context} takes. From any thread. */
  public void handleCallbackException(Consumer<Throwable> handler) {
    turns.setErrorRoute(Objects.requireNonNull(handler, "handler"));
  }

  /** The context of the code that runs now. On the loop only. */
  public Context context() {
    checkOnLoop("IOLoop.context");
    return context;
  }

  /** The context of what comes from outside: its exceptions are logged. From any thread. */
  public Context rootContext() {
    return root;
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
    if (!run.isClosed()) {
      turns.schedule(task);
    }
  }

  /**
   * Starts a coroutine in the next turn and gives its future. Cancelling the future fails the await
   * in which the coroutine is parked, or keeps it from starting. From any thread.
   */
  public <T> LoopFuture<T> spawn(Callable<T> body) {
    return contextOfCaller().spawn(body);
  }

  /**
   * Runs a callback that may throw anything, in the next turn and in the caller's context. What it
   * throws goes where exceptions of callbacks go; nobody waits for it. From any thread.
   */
  public void spawnCallback(Callable<?> callback) {
    Objects.requireNonNull(callback, "callback");
    addCallback(() -> Failures.callUnchecked(callback));
  }

  /**
   * Runs a callback on the loop once the stage is complete, whoever completes it, and in the
   * caller's context; also if it is complete already. The future that it gets is done, and this
   * loop's. From any thread.
   */
  public <T> void addFuture(CompletionStage<T> stage, Consumer<? super LoopFuture<T>> callback) {
    Objects.requireNonNull(callback, "callback");
    var future = LoopFuture.of(this, stage);
    var captured = contextOfCaller();
    LoopFuture.observe(
        future, (value, failure) -> addCallback(captured, () -> callback.accept(future)));
  }

  /**
   * Runs a callback once, not before the delay has passed, in the caller's context. Equal deadlines
   * keep their order.
   *
   * @return what {@link #removeTimeout} takes
   */
  public Timeout callLater(Duration delay, Runnable callback) {
    checkOnLoop("IOLoop.callLater");
    return timeoutAt(Timers.deadline(time(), delay), callback);
  }

  /**
   * {@link #callLater}, at a time of the loop's clock. A time that has passed means as soon as
   * possible.
   *
   * @param time as in {@link #time}: compared by difference, as {@link System#nanoTime} demands
   */
  public Timeout callAt(long time, Runnable callback) {
    checkOnLoop("IOLoop.callAt");
    return timeoutAt(Timers.deadline(time(), time), callback);
  }

  /** {@link #callLater} by another name. */
  public Timeout addTimeout(Duration delay, Runnable callback) {
    return callLater(delay, callback);
  }

  /**
   * {@link #callLater}, at a time of the wall clock. It is looked at now, once: setting the clock
   * afterwards moves nothing.
   */
  public Timeout addTimeout(Instant deadline, Runnable callback) {
    return callLater(Duration.between(Instant.now(), deadline), callback);
  }

  private Timeout timeoutAt(long deadline, Runnable callback) {
    return turns.timers().add(deadline, context, Objects.requireNonNull(callback, "callback"));
  }

  /**
   * Cancels a timeout. Does nothing if it has run.
   *
   * @throws IllegalArgumentException if it is another loop's
   */
  public void removeTimeout(Timeout timeout) {
    checkOnLoop("IOLoop.removeTimeout");
    if (timeout.loop() != this) {
      throw new IllegalArgumentException("a timeout of " + timeout.loop() + ", not of " + this);
    }
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

  /**
   * Runs a body that blocks off the loop, in the default executor. Unless it was set, that is one
   * for the whole process, which gives each body a virtual thread of its own and runs at most 256
   * at once; the others wait their turn. From any thread.
   *
   * <p>{@link #current} is this loop in the body. Cancelling the future before the body's turn
   * keeps it from running; afterwards the body runs to its end. A body that the executor rejects
   * fails the future.
   */
  public <T> LoopFuture<T> runInExecutor(Callable<T> body) {
    return runInExecutor(defaultExecutor, body);
  }

  /** {@link #runInExecutor(Callable)} in another executor. From any thread. */
  public <T> LoopFuture<T> runInExecutor(Executor executor, Callable<T> body) {
    return new Offloaded<>(this, Objects.requireNonNull(body, "body")).handTo(executor);
  }

  /** Where {@link #runInExecutor(Callable)} runs bodies from now on. From any thread. */
  public void setDefaultExecutor(Executor executor) {
    defaultExecutor = Objects.requireNonNull(executor, "executor");
  }

  // ---- waiting

  /**
   * Waits for a stage: what {@link org.waterspout.gen.Gen#await} does.
   *
   * @throws IllegalStateException off the loop, if the stage is not complete and its loop, or the
   *     caller's, does not run
   */
  public static <T> T await(CompletionStage<T> stage) {
    return Awaits.await(stage);
  }

  /**
   * Starts the loop, runs {@code body} on it as a coroutine, stops the loop and returns the result.
   * Off every loop, while this one does not run. An interrupt of the caller stops the loop.
   *
   * @throws LoopClosedException if something else stopped the loop before the body ended
   */
  public <T> T runSync(Callable<T> body) throws Exception {
    return new RunSync<>(this, Objects.requireNonNull(body, "body"), null).run();
  }

  /**
   * {@link #runSync(Callable)} with a limit, after which the await in which the body is parked
   * fails with a {@link java.util.concurrent.CancellationException}. It returns when the body has
   * ended, as after a cancellation a body may still clean up, or return a value all the same.
   *
   * @throws TimeoutException if the limit cancelled the body
   */
  public <T> T runSync(Duration limit, Callable<T> body) throws Exception {
    Objects.requireNonNull(limit, "limit");
    return new RunSync<>(this, Objects.requireNonNull(body, "body"), limit).run();
  }

  // ---- life

  /**
   * Runs the loop and returns when it was stopped. A {@link #stop} that came before ends it after
   * one turn. An interrupt of the caller stops the loop and is kept.
   *
   * @throws IllegalStateException if the loop runs, was closed, or the caller is on a loop
   */
  public void start() {
    run("start()", () -> {});
  }

  void run(String what, Runnable first) {
    CurrentLoop.checkOffLoops(what);
    run.untilEnd(this, run.begin(), first);
    var reason = turns.takeFatal();
    if (reason != null) {
      throw Failures.unchecked(reason);
    }
  }

  /** Ends the run after the current turn. Parked coroutines stay parked. From any thread. */
  public void stop() {
    turns.requestStop();
  }

  /** {@link #close(boolean)} that leaves the channels open. */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Ends the loop for good: stops it if it runs, fails every pending await with {@link
   * LoopClosedException} so that {@code finally} blocks run, and waits for them. Callbacks and
   * timeouts that have not run are dropped, and values of a {@link LoopLocal} closed. From any
   * thread that is not on the loop; a second call waits for the end of the first.
   *
   * @param allChannels whether the channels that have a handler are closed too
   */
  public void close(boolean allChannels) {
    if (onLoop()) {
      throw new IllegalStateException("close() was called on the loop; stop() it, then close it");
    }
    var closing = run.endThenBeginClosing(this::stop);
    if (closing == null) {
      run.awaitClose();
      return;
    }
    Failures.runAll(
        () -> run.untilEnd(this, closing, () -> {}),
        run::beginClose,
        () -> turns.close(allChannels),
        () -> waiters.failAll(new LoopClosedException(name + " was closed")),
        baton::close,
        locals::close,
        Watchdog.ofProcess()::endIfUnused,
        run::endClose);
  }

  /** The work of a run's first leader. */
  void begin() {
    CurrentLoop.set(this);
    turns.begin(run.isClosing());
  }

  /** The work of a leader that takes over. */
  void lead() {
    CurrentLoop.set(this);
    turns.lead();
  }

  /** The last act of a run's last leader. */
  void endRun() {
    baton.putDown();
    run.end();
  }

  /** Nothing of the callback that ran before holds for the next. */
  void enterBaseLevel() {
    enter(root, null);
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

  @Nullable Coroutine<?> coroutine() {
    return coroutine;
  }

  /** Whose code runs from here on: after an await, what ran before it. */
  void enter(Context of, @Nullable Coroutine<?> whose) {
    context = of;
    coroutine = whose;
  }

  LoopLocal.Values locals() {
    return locals;
  }

  Baton baton() {
    return baton;
  }

  Turns turns() {
    return turns;
  }

  OffLoopWaiters waiters() {
    return waiters;
  }

  /** The name of the loop's threads. */
  @Override
  public String toString() {
    return name;
  }
}
