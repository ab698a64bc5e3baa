// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** What the tests of a subject stand on. */
interface TestedStream {
  /** A pair with the usual limits, new for each test. */
  StreamEnds ends();

  /** Another pair, closed after the test at the latest. */
  StreamEnds open(StreamLimits limits) throws Exception;
}
