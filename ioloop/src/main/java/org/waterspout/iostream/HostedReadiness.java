// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.nio.channels.SelectionKey;

/** What a stream waits for of a connection that it does not watch itself. */
final class HostedReadiness extends Readiness {
  private final HostedConnection connection;
  private int wanted;
  private int asked; // and not answered yet

  HostedReadiness(BaseIOStream stream, HostedConnection connection) {
    super(stream);
    this.connection = connection;
  }

  @Override
  void want(int ops) {
    wanted = ops;
    int more = ops & ~asked;
    asked |= more;
    if ((more & SelectionKey.OP_READ) != 0) {
      connection.whenReadable(() -> ready(SelectionKey.OP_READ));
    }
    if ((more & SelectionKey.OP_WRITE) != 0) {
      connection.whenWritable(() -> ready(SelectionKey.OP_WRITE));
    }
  }

  /** In any thread. */
  private void ready(int op) {
    stream.loop().addCallback(() -> answered(op));
  }

  private void answered(int op) {
    asked &= ~op;
    stream.progress(op & wanted); // it may not be wanted any more
  }

  @Override
  void release() {
    wanted = 0;
  }
}
