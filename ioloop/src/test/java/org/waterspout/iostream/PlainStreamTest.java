// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams over a socket. */
class PlainStreamTest extends StreamContract implements EndOutputContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return PlainEnds.open(limits);
  }
}
