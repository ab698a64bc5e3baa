// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.nio.ByteBuffer;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamReader;

/**
 * The loop's side of what an upgraded connection receives: feeds the pipe, and holds the peer back
 * while that is full. A peer that ends its output is still written to.
 */
final class UpgradedInput implements StreamReader {
  private final UpgradedConnection connection;
  private final IOStream stream;
  private final Body body;
  private byte[] piece = new byte[0];

  UpgradedInput(UpgradedConnection connection, IOStream stream, Body body) {
    this.connection = connection;
    this.stream = stream;
    this.body = body;
  }

  @Override
  public boolean received(ByteBuffer in) {
    piece = new byte[in.remaining()];
    in.get(piece);
    return true;
  }

  @Override
  public void proceed() {
    LoopFuture<Void> room = body.offer(piece);
    piece = new byte[0];
    connection.used();
    if (room == null) {
      stream.resumeReading();
    } else {
      var _ = room.thenRun(stream::resumeReading);
    }
  }

  @Override
  public boolean inputEnded() {
    boolean goesOn = connection.inputEnded();
    body.end(); // the handler, which learns of it by that, finds all else done
    return goesOn;
  }

  @Override
  public void closed() {
    if (!stream.inputEnded()) {
      body.fail();
    }
    connection.closed(stream.error());
  }
}
