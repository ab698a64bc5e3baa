// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was thrown and is still to be told, in the order of time. From any thread. */
final class Failures {
  private final List<Throwable> failures = new ArrayList<>();

  synchronized void add(Throwable failure) {
    failures.add(failure);
  }

  /** Throws the first, with the others as suppressed ones, and forgets them. */
  void throwFirst() throws Exception {
    var first = takeAll();
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof Exception exception) {
      throw exception;
    }
    if (first != null) {
      throw new AssertionError(first);
    }
  }

  @SuppressWarnings("ReferenceEquality") // one failure may come by several ways
  private synchronized @Nullable Throwable takeAll() {
    if (failures.isEmpty()) {
      return null;
    }
    var first = failures.getFirst();
    for (var other : failures) {
      if (other != first) {
        first.addSuppressed(other);
      }
    }
    failures.clear();
    return first;
  }
}
