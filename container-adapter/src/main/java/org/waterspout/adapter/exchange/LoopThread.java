// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/** A loop on a thread of its own. Callable from any thread but the loop. */
public final class LoopThread {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final IOLoop loop;
  private final Thread thread;
  private final List<Runnable> endHooks = new CopyOnWriteArrayList<>();
  private volatile boolean ended;

  /** Runs it. */
  public LoopThread(String name, IOLoop loop) {
    this.name = name;
    this.loop = loop;
    this.thread =
        Thread.ofPlatform()
            .name("waterspout " + name)
            .daemon(true)
            .inheritInheritableThreadLocals(false)
            .start(this::run);
  }

  /** Its loop. */
  public IOLoop loop() {
    return loop;
  }

  /** Runs a hook once no callback runs any more, be it that the loop died of an error. */
  public void whenEnded(Runnable endHook) {
    endHooks.add(endHook);
    if (ended) {
      endHook.run();
    }
  }

  /** Whether what is posted is dropped. Set before the hooks run. */
  public boolean ended() {
    return ended;
  }

  /** Stops the loop, and waits until no thread is left. */
  public void stop() {
    loop.stop();
    try {
      if (!thread.join(PATIENCE)) {
        Log.GENERAL.log(
            System.Logger.Level.ERROR,
            "the loop of {0} does not stop: a callback keeps it busy",
            name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      loop.start();
    } catch (Throwable e) {
      Log.GENERAL.log(System.Logger.Level.ERROR, "the loop of " + name + " has ended", e);
    } finally {
      loop.close();
      ended = true;
      endHooks.forEach(Runnable::run);
    }
  }
}
