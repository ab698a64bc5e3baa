// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One connection of the load: it sends its requests, waits for as many answers, and begins anew.
 * Every answer has to begin as the first one did and to be as long.
 */
final class Client {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer requests;
  private final Answer expected;
  private final int depth;
  private int offset; // within the answer that is arriving
  private int missing; // answers

  Client(SocketChannel channel, SelectionKey key, ByteBuffer requests, int depth, Answer expected) {
    this.channel = channel;
    this.key = key;
    this.requests = requests.duplicate();
    this.depth = depth;
    this.expected = expected;
  }

  void send() throws IOException {
    missing = depth;
    requests.rewind();
    sendRest();
  }

  /** The channel is ready. Returns how many answers have been completed. */
  int progress(ByteBuffer in) throws IOException {
    if (requests.hasRemaining()) {
      sendRest();
    }
    in.clear();
    if (channel.read(in) < 0) {
      throw new EOFException("the server has closed a connection");
    }
    int completed = take(in.flip());
    missing -= completed;
    if (missing < 0) {
      throw new IOException("more answers than requests");
    }
    if (missing == 0) {
      send();
    }
    return completed;
  }

  private void sendRest() throws IOException {
    channel.write(requests);
    key.interestOps(
        requests.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  private int take(ByteBuffer in) throws IOException {
    int completed = 0;
    while (in.hasRemaining()) {
      if (offset < expected.start.length) {
        if (in.get() != expected.start[offset++]) {
          throw new IOException("another answer than the first one, or of another length");
        }
      } else {
        int count = Math.min(in.remaining(), expected.length - offset);
        in.position(in.position() + count);
        offset += count;
      }
      if (offset == expected.length) {
        offset = 0;
        completed++;
      }
    }
    return completed;
  }
}
