// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

/**
 * Has the JDK make the threads that tell its virtual threads when their sockets are ready.
 *
 * <p>It makes them when the first virtual thread needs them, and they ride that thread's scheduler
 * for as long as the JVM lives. On a loop's carrier they would keep the carrier's class loader
 * alive and, once the loop is closed, wake nobody any more. So they are made before the first
 * carrier is, from a platform thread.
 *
 * <p>Where a loop has no carrier, its own first wait would make them, and the loop could not wait
 * if the process had no file descriptors left by then.
 */
final class Pollers implements Runnable {
  private volatile boolean made;

  private Pollers() {}

  /** Makes them if they are not there yet; false where this JVM has none that we know of. */
  static boolean start() {
    var pollers = new Pollers();
    var thread =
        Thread.ofPlatform()
            .name("waterspout-start-pollers")
            .daemon(true)
            .inheritInheritableThreadLocals(false)
            .unstarted(pollers);
    thread.setContextClassLoader(null);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return pollers.made;
  }

  @Override
  public void run() {
    try {
      Class.forName("sun.nio.ch.Poller", true, null);
      made = true;
    } catch (ClassNotFoundException | LinkageError e) {
      made = false;
    }
  }
}
