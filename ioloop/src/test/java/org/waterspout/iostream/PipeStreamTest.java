// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams over pipes. */
class PipeStreamTest extends StreamContract implements EndOutputContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return PipeEnds.open(limits);
  }
}
