// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * The loop of one web application, on a thread of its own: started by the first adapter in it,
 * closed by the last. Callable from any thread but the loop.
 *
 * <p>It is {@code IOLoop.instance()} where the web application has brought our classes: then the
 * instance is its own. Where it shares them with the process, which may have plans of its own for
 * its instance, the web application gets a new loop.
 */
final class WebApplicationLoop {
  private static final String ATTRIBUTE = WebApplicationLoop.class.getName();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static boolean instanceTaken; // under the lock of this class

  private final ServletContext context;
  private final IOLoop loop;
  private final Thread thread;
  private final List<Runnable> endHooks = new CopyOnWriteArrayList<>();
  private int users; // under the lock of this class
  private volatile boolean ended;

  private WebApplicationLoop(ServletContext context) {
    this.context = context;
    this.loop = chooseLoop(context);
    this.thread =
        Thread.ofPlatform()
            .name("waterspout " + path())
            .daemon(true)
            .inheritInheritableThreadLocals(false)
            .unstarted(this::run);
  }

  private static IOLoop chooseLoop(ServletContext context) {
    boolean ours = Objects.equals(IOLoop.class.getClassLoader(), context.getClassLoader());
    if (!ours || instanceTaken || IOLoop.instance().isRunning()) {
      return new IOLoop();
    }
    instanceTaken = true;
    return IOLoop.instance();
  }

  /**
   * The web application's loop, running. Every call needs a {@link #release}.
   *
   * @param endHook run once no callback runs any more, be it that the loop died of an error
   */
  static WebApplicationLoop acquire(ServletContext context, Runnable endHook) {
    synchronized (WebApplicationLoop.class) {
      var running = (WebApplicationLoop) context.getAttribute(ATTRIBUTE);
      if (running == null) {
        running = new WebApplicationLoop(context);
        running.thread.start();
        context.setAttribute(ATTRIBUTE, running);
      }
      running.users++;
      running.endHooks.add(endHook);
      return running;
    }
  }

  IOLoop loop() {
    return loop;
  }

  /** Whether what is posted is dropped. Set before the hooks run. */
  boolean ended() {
    return ended;
  }

  /** After the last release no thread is left. */
  void release() {
    synchronized (WebApplicationLoop.class) {
      if (--users > 0) {
        return;
      }
      context.removeAttribute(ATTRIBUTE);
    }
    loop.stop();
    try {
      if (!thread.join(PATIENCE)) {
        Log.GENERAL.log(
            System.Logger.Level.ERROR,
            "the loop of {0} does not stop: a callback keeps it busy",
            path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      loop.start();
    } catch (Throwable e) {
      Log.GENERAL.log(System.Logger.Level.ERROR, "the loop of " + path() + " has ended", e);
    } finally {
      loop.close();
      ended = true;
      endHooks.forEach(Runnable::run);
    }
  }

  private String path() {
    return context.getContextPath() + "/";
  }
}
