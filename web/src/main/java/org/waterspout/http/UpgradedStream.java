// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.waterspout.iostream.BaseIOStream;

/** A connection on which HTTP has ended, in a container that carries any other protocol too. */
public non-sealed interface UpgradedStream extends UpgradedConnection {
  /** Behind the answer 101, which has been sent. */
  BaseIOStream stream();

  /**
   * Leaves what now lives on the stream in the care of the container; see {@link
   * HTTPConnection#keep}.
   */
  Runnable keep(Tenant tenant);
}
