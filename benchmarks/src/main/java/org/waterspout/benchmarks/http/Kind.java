// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

/** What stands in a comparison, and for what. */
enum Kind {
  /** What nobody can do without. */
  YARDSTICK,
  OURS,
  OURS_ON_DEFAULT_CARRIER,
  PEER;

  boolean ours() {
    return this == OURS || this == OURS_ON_DEFAULT_CARRIER;
  }
}
