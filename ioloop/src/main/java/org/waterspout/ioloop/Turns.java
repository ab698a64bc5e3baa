// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * What a leader does, turn after turn: the callbacks that were queued before, due timeouts, poll,
 * events. Timeouts and events become callbacks of the next turn, so there is one queue and one door
 * to other people's code. While callbacks are ready, a turn of few goes without the rest, and a
 * poll waits for longer still: a look at the clock costs as much as some callbacks, one at the
 * channels as much as many.
 *
 * <p>All is confined to the loop, but for {@link #schedule}, {@link #requestStop} and {@link
 * #setErrorRoute}. A turn goes on under another leader after a hand-over, so its state is in
 * fields.
 */
final class Turns {
  private static final int MAX_CALLBACKS = 512; // in one turn; then poll, even if more are ready
  private static final int MAX_PER_LOOK = 16; // callbacks without a look at the clock, if short
  private static final int FEW_FROM_OUTSIDE = 16; // are taken in however much is ready
  private static final int MAX_LOOKS_PER_POLL = 64;
  private static final long MAX_NANOS_PER_POLL = 50_000;

  private final IOLoop loop;
  private final Baton baton;
  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final Queue<Runnable> external = new ConcurrentLinkedQueue<>(); // from other threads
  private final Timers timers = new Timers();
  private final Events events;
  private final Pulse pulse;
  private int budget; // callbacks that are left in this turn
  private int callbacksSinceLook; // at the clock
  private int maxSinceLook = 1; // by how long callbacks took of late
  private long lastLook;
  private int looksSincePoll;
  private long lastPoll;
  private boolean closing; // only what is parked is still to be run
  private volatile boolean stopRequested;
  private volatile @Nullable Consumer<Throwable> errorRoute; // null: the log
  private @Nullable Throwable fatal; // why the run ended early; read by the starter after its end

  Turns(IOLoop loop, Baton baton, @Nullable Carrier carrier) {
    this.loop = loop;
    this.baton = baton;
    events = new Events(ready, carrier);
    pulse = new Pulse(loop.time());
  }

  Timers timers() {
    return timers;
  }

  Events events() {
    return events;
  }

  Pulse pulse() {
    return pulse;
  }

  int readyCount() {
    return ready.size();
  }

  /** Queues a task for the next turn. From any thread. */
  void schedule(Runnable task) {
    if (baton.held()) {
      ready.add(task);
    } else {
      external.add(task);
      events.wakeUp();
    }
  }

  /** Ends the run after the current turn. From any thread. */
  void requestStop() {
    stopRequested = true;
    events.wakeUp();
  }

  /** Whether somebody wants something of the loop that a sleeping loop would do at once. */
  boolean called() {
    return stopRequested || !external.isEmpty();
  }

  /** Where failures of callbacks go whose context has no way of its own. From any thread. */
  void setErrorRoute(Consumer<Throwable> route) {
    errorRoute = route;
  }

  /** Why the last run ended early, told once. */
  @Nullable Throwable takeFatal() {
    var reason = fatal;
    fatal = null;
    return reason;
  }

  /** After the last run. */
  void close(boolean allChannels) {
    external.clear();
    Failures.runAll(allChannels ? events::closeChannels : () -> {}, events::close);
  }

  /** The work of a run's first leader: it collects what came before the run, then leads. */
  void begin(boolean toClose) {
    closing = toClose;
    var now = loop.time();
    pulse.awake(now);
    if (closing) {
      timers.clear();
      baton.failAll(new LoopClosedException("the loop was closed during an await"));
      keepOnlyParked();
    } else {
      beginTurn(now);
    }
    lead();
  }

  /** The work of a leader: turns until the loop stops or the baton goes to somebody else. */
  void lead() {
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
      pulse.step();
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
    return closing ? baton.parkedCount() == 0 : stopRequested;
  }

  private void endRun() {
    stopRequested = false;
    pulse.rest();
    loop.endRun();
  }

  /** The rest of a turn: due timeouts, poll, events, and what other threads sent. */
  private void poll() throws IOException {
    Thread.interrupted(); // a callback's leftover would keep select from blocking
    if (closing) {
      keepOnlyParked();
      return;
    }
    if (!ready.isEmpty() && callbacksSinceLook < maxSinceLook) {
      limitTurn();
      return;
    }
    callbacksSinceLook = 0;
    queueExternal();
    var now = loop.time();
    adaptLooks(now);
    queueDueTimeouts(now);
    if (pollMayWait(now)) {
      limitTurn();
      return;
    }
    pulse.look(now);
    var wait = ready.isEmpty() && !stopRequested ? timers.untilNext(now) : 0;
    if (wait == 0) {
      events.poll();
    } else {
      pulse.rest();
      events.await(wait, () -> external.isEmpty() && !stopRequested);
      now = loop.time();
      pulse.awake(now);
    }
    looksSincePoll = 0;
    lastPoll = now;
    beginTurn(now);
  }

  /** Callbacks that take their time are looked after one by one. */
  private void adaptLooks(long now) {
    maxSinceLook =
        now - lastLook < MAX_NANOS_PER_POLL ? Math.min(2 * maxSinceLook, MAX_PER_LOOK) : 1;
    lastLook = now;
  }

  private boolean pollMayWait(long now) {
    return !ready.isEmpty()
        && ++looksSincePoll < MAX_LOOKS_PER_POLL
        && now - lastPoll < MAX_NANOS_PER_POLL;
  }

  private void beginTurn(long now) {
    queueExternal();
    queueDueTimeouts(now);
    limitTurn();
  }

  private void limitTurn() {
    budget = Math.min(ready.size(), MAX_CALLBACKS);
    callbacksSinceLook += budget;
  }

  /**
   * No more than a turn runs: threads that add without an end must not keep what is due waiting,
   * nor may what is ready keep them waiting.
   */
  private void queueExternal() {
    int most = Math.max(MAX_CALLBACKS - ready.size(), FEW_FROM_OUTSIDE);
    for (int i = 0; i < most; i++) {
      var task = external.poll();
      if (task == null) {
        return;
      }
      ready.add(task);
    }
  }

  private void queueDueTimeouts(long now) {
    for (var due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
      ready.add(due);
    }
  }

  private void keepOnlyParked() {
    queueExternal();
    ready.removeIf(task -> !(task instanceof Parked));
    budget = ready.size();
  }

  /** The one door to other people's code. */
  private void runGuarded(Runnable callback) {
    loop.enterBaseLevel();
    Thread.interrupted(); // meant for the callback before, if for any
    try {
      callback.run();
    } catch (Throwable e) {
      answer(e instanceof Failures.Checked ? e.getCause() : e);
    }
  }

  private void answer(@Nullable Throwable failure) {
    try {
      failed(failure);
    } catch (Throwable e) { // a log handler's, say
      stopIfFatal(e);
      Failures.toLastResort(e);
    }
  }

  private void failed(@Nullable Throwable failure) {
    stopIfFatal(failure);
    var own = loop.context().errorRoute();
    if (own == null && failure instanceof CancellationException) {
      return; // somebody wanted it to end, and it has
    }
    var route = own != null ? own : errorRoute;
    if (route == null || failure == null) {
      logged(failure);
      return;
    }
    try {
      route.accept(failure);
    } catch (Throwable e) {
      stopIfFatal(e);
      logged(failure);
      Log.APPLICATION.log(
          Level.ERROR, "Exception in the error route of that callback", Log.cleaned(e));
    }
  }

  private static void logged(@Nullable Throwable failure) {
    var cleaned = failure == null ? null : Log.cleaned(failure);
    Log.APPLICATION.log(Level.ERROR, "Exception in callback", cleaned);
  }

  private void stopIfFatal(@Nullable Throwable failure) {
    if (Failures.isFatal(failure)) {
      fatal = failure;
      stopRequested = true;
    }
  }
}
