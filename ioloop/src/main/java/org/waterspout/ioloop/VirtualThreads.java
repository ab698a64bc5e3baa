// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

/**
 * Virtual threads for work that may block, made so that they never ride a loop's carrier.
 *
 * <p>The JDK gives a virtual thread the scheduler of the one that makes it. One that code on a loop
 * makes by {@link Thread#ofVirtual} therefore shares the loop's carrier, if it has one of its own:
 * they take turns, and while the new thread computes or blocks in native code the loop waits.
 */
public final class VirtualThreads {
  private VirtualThreads() {}

  /** A virtual thread on the JVM's own scheduler that inherits nothing. From any thread. */
  public static Thread unstarted(String name, Runnable task) {
    return Carrier.newVirtualThread(null, name, task);
  }
}
