// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams over a connection that somebody else's selector watches. */
class HostedStreamTest extends StreamContract implements EndOutputContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return HostedEnds.open(limits);
  }
}
