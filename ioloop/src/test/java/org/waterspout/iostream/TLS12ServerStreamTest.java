// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/** Streams secured as a server by TLS 1.2, which has ends of its own kind. */
class TLS12ServerStreamTest extends StreamContract {
  @Override
  StreamEnds connect(StreamLimits limits) throws Exception {
    return TLSEnds.open(true, "TLSv1.2", limits);
  }
}
