// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.waterspout.adapter.exchange.LoopThread;
import org.waterspout.ioloop.IOLoop;

/**
 * The loops of one web application: started by the first adapter in it, closed by the last.
 * Callable from any thread but a loop's.
 *
 * <p>The first is {@code IOLoop.instance()} where the web application has brought our classes: then
 * the instance is its own. Where it shares them with the process, which may have plans of its own
 * for its instance, the web application gets a new loop.
 */
final class WebApplicationLoops {
  private static final String ATTRIBUTE = WebApplicationLoops.class.getName();
  private static boolean instanceTaken; // under the lock of this class

  private final ServletContext context;
  private final List<LoopThread> all;
  private int users; // under the lock of this class

  private WebApplicationLoops(ServletContext context, int count) {
    this.context = context;
    String name = context.getContextPath() + "/";
    var started = new ArrayList<LoopThread>();
    started.add(new LoopThread(name, first(context)));
    for (int i = 2; i <= count; i++) {
      started.add(new LoopThread(name + " " + i, new IOLoop()));
    }
    this.all = List.copyOf(started);
  }

  private static IOLoop first(ServletContext context) {
    boolean ours = Objects.equals(IOLoop.class.getClassLoader(), context.getClassLoader());
    if (!ours || instanceTaken || IOLoop.instance().isRunning()) {
      return new IOLoop();
    }
    instanceTaken = true;
    return IOLoop.instance();
  }

  /**
   * The web application's loops, running. Every call needs a {@link #release}.
   *
   * @param count how many, if they are not running yet; 0 for one per processor
   */
  static WebApplicationLoops acquire(ServletContext context, int count) {
    synchronized (WebApplicationLoops.class) {
      var running = (WebApplicationLoops) context.getAttribute(ATTRIBUTE);
      if (running == null) {
        int wanted = count == 0 ? Runtime.getRuntime().availableProcessors() : count;
        running = new WebApplicationLoops(context, wanted);
        context.setAttribute(ATTRIBUTE, running);
      }
      running.users++;
      return running;
    }
  }

  /** At least one. */
  List<LoopThread> all() {
    return all;
  }

  /** After the last release no thread is left. */
  void release() {
    synchronized (WebApplicationLoops.class) {
      if (--users > 0) {
        return;
      }
      context.removeAttribute(ATTRIBUTE);
    }
    all.forEach(LoopThread::stop);
  }
}
