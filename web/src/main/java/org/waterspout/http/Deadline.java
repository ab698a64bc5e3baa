// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;

/** A point on the loop's clock at which something is over, or none. Confined to the loop. */
final class Deadline {
  private boolean set;
  private long at;

  void set(long now, Duration after) {
    at = now + after.toNanos();
    set = true;
  }

  void clear() {
    set = false;
  }

  boolean isSet() {
    return set;
  }

  boolean passed(long now) {
    return set && now - at >= 0;
  }
}
