// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What a stream waits for of what carries its bytes. */
abstract sealed class Readiness permits ChannelReadiness, HostedReadiness {
  final BaseIOStream stream;
  private boolean moreQueued; // a look at what the transport has, ready or not, is on its way

  Readiness(BaseIOStream stream) {
    this.stream = stream;
  }

  /** Waits for what the stream's parts have a use for now. */
  final void update() {
    try {
      want(stream.interest());
    } catch (IOException | IllegalStateException e) { // somebody else has closed the channel
      stream.close(e);
      return;
    }
    if (!moreQueued && stream.transport.hasMore() && stream.input.wanted()) {
      moreQueued = true;
      stream.loop().addCallback(this::readMore);
    }
  }

  private void readMore() {
    moreQueued = false;
    stream.progress(SelectionKey.OP_READ);
  }

  /** Waits for these operations, and for no others. */
  abstract void want(int ops) throws IOException;

  /** Waits for nothing more. */
  abstract void release();
}
