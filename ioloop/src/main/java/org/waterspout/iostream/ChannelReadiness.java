// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOHandler;

/**
 * What a stream waits for of its channel, or of the two that it has: one to read from and one to
 * write to. Nothing is registered until it waits for something.
 */
final class ChannelReadiness extends Readiness implements IOHandler {
  private final @Nullable SelectableChannel in;
  private final @Nullable SelectableChannel out; // the same as `in` if it is a socket
  private int wanted;
  private boolean inRegistered;
  private boolean outRegistered;

  ChannelReadiness(
      BaseIOStream stream, @Nullable SelectableChannel in, @Nullable SelectableChannel out) {
    super(stream);
    this.in = in;
    this.out = out;
  }

  @Override
  public void handleEvents(SelectableChannel ignored, int ops) {
    stream.progress(ops);
  }

  @Override
  void want(int ops) throws IOException {
    if (ops == wanted) {
      return;
    }
    wanted = ops;
    if (isOneSocket()) {
      inRegistered = register(in, ops, inRegistered);
    } else {
      inRegistered = register(in, ops & SelectionKey.OP_READ, inRegistered);
      outRegistered = register(out, ops & SelectionKey.OP_WRITE, outRegistered);
    }
  }

  @SuppressWarnings("ReferenceEquality") // one channel in both roles
  private boolean isOneSocket() {
    return in == out;
  }

  private boolean register(@Nullable SelectableChannel channel, int ops, boolean registered)
      throws IOException {
    if (channel == null) {
      return false;
    }
    if (registered) {
      stream.loop().updateHandler(channel, ops);
    } else if (ops != 0) {
      stream.loop().addHandler(channel, ops, this);
    }
    return registered || ops != 0;
  }

  @Override
  void release() {
    if (inRegistered && in != null) {
      stream.loop().removeHandler(in);
    }
    if (outRegistered && out != null) {
      stream.loop().removeHandler(out);
    }
    inRegistered = false;
    outRegistered = false;
    wanted = 0;
  }
}
