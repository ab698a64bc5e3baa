// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams secured as a client. */
class TLSClientStreamTest extends StreamContract implements EndOutputContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return TLSEnds.open(false, "TLSv1.3", limits);
  }
}
