// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams secured as a server. */
class TLSServerStreamTest extends StreamContract implements EndOutputContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return TLSEnds.open(true, "TLSv1.3", limits);
  }
}
