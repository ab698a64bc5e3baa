// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** Bytes as they are, over a socket or over the ends of two pipes. */
final class PlainTransport implements Transport {
  private final @Nullable ReadableByteChannel in; // null: there is nothing to read, ever
  private final @Nullable WritableByteChannel out; // null: nothing can be written

  PlainTransport(@Nullable ReadableByteChannel in, @Nullable WritableByteChannel out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return in == null ? -1 : in.read(into);
  }

  /** Who reads from one pipe need not be who writes to the other. */
  @Override
  @SuppressWarnings("ReferenceEquality") // one channel in both roles
  public boolean endIsSure() {
    return in != out;
  }

  @Override
  public boolean hasInput() {
    return in != null;
  }

  @Override
  public boolean hasMore() {
    return false;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return output().write(from);
  }

  @Override
  public long write(FileChannel file, long position, long count, ByteBuffer ignored)
      throws IOException {
    return file.transferTo(position, count, output());
  }

  private WritableByteChannel output() throws IOException {
    if (out == null) {
      throw new IOException("the stream has no output");
    }
    return out;
  }

  @Override
  public boolean flush() {
    return true;
  }

  @Override
  public boolean handshaking() {
    return false;
  }

  @Override
  public int interest(int wanted) {
    return wanted;
  }

  @Override
  public void endOutput() throws IOException {
    if (out instanceof SocketChannel socket) {
      socket.shutdownOutput();
    } else if (out != null) {
      out.close();
    }
  }

  @Override
  public void close(boolean orderly) throws IOException {
    try (in;
        out) {
      // a socket is both, and closing it twice does nothing
    }
  }
}
