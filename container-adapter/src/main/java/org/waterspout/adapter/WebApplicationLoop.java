// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * The loop of one web application, on a thread of its own: started by the first adapter in it,
 * closed by the last. Callable from any thread but the loop.
 */
final class WebApplicationLoop {
  private static final String ATTRIBUTE = WebApplicationLoop.class.getName();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServletContext context;
  private final IOLoop loop = IOLoop.instance();
  private final Thread thread;
  private int users;

  private WebApplicationLoop(ServletContext context) {
    this.context = context;
    this.thread =
        Thread.ofPlatform()
            .name(
                "waterspout "
                    + (context.getContextPath().isEmpty() ? "/" : context.getContextPath()))
            .daemon(true)
            .unstarted(this::run);
  }

  /** The web application's loop, running. Every call needs a {@link #release}. */
  static WebApplicationLoop acquire(ServletContext context) {
    synchronized (WebApplicationLoop.class) {
      if (context.getAttribute(ATTRIBUTE) instanceof WebApplicationLoop running) {
        running.users++;
        return running;
      }
      var fresh = new WebApplicationLoop(context);
      fresh.users = 1;
      fresh.thread.start();
      context.setAttribute(ATTRIBUTE, fresh);
      return fresh;
    }
  }

  IOLoop loop() {
    return loop;
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
            context.getContextPath());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      loop.start();
    } catch (Throwable e) {
      Log.GENERAL.log(
          System.Logger.Level.ERROR, "the loop of " + context.getContextPath() + " has ended", e);
    } finally {
      loop.close(); // what is posted from now on fails at once instead of waiting for ever
    }
  }
}
