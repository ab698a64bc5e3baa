// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import org.jspecify.annotations.Nullable;

/** Something that ends with a scope, and is in its list while it goes on. On the loop only. */
abstract class ScopeMember {
  @Nullable Scope scope; // null: in none, or no longer
  @Nullable ScopeMember previous; // null: the first
  @Nullable ScopeMember next; // null: the last

  /** Ends it; it has left the scope. */
  abstract void cancel(String reason);

  /** It goes on, or has ended by itself. */
  final void leave() {
    if (scope != null) {
      scope.remove(this);
    }
  }
}
