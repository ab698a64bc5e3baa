// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

/**
 * Who calls the listeners of two streams: one callback at a time, on threads of its own, never on
 * the loop.
 */
interface StreamCallbacks {
  /**
   * Refuses listeners where nobody would call them.
   *
   * @throws IllegalStateException naming the call
   */
  void checkListening(String call);

  /** A callback is due. From any thread. */
  void due();

  /** A write that nobody waits for has failed. From any thread. */
  void failed(Throwable reason);
}
