// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What listeners were told, in order, by whatever threads. */
final class Told extends LinkedBlockingQueue<String> {
  private static final long serialVersionUID = 1L;

  /** The next thing, for which it waits; "nothing" if there comes none. */
  String next() throws InterruptedException {
    String what = poll(20, TimeUnit.SECONDS);
    return what == null ? "nothing" : what;
  }
}
