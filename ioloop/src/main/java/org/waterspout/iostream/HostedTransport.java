// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes as they are, over somebody else's connection. */
record HostedTransport(HostedConnection connection) implements Transport {
  @Override
  public int read(ByteBuffer into) throws IOException {
    return connection.read(into);
  }

  @Override
  public boolean hasInput() {
    return true;
  }

  @Override
  public boolean hasMore() {
    return false;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return connection.write(from);
  }

  @Override
  public long write(FileChannel file, long position, long count, ByteBuffer out)
      throws IOException {
    out.clear().limit((int) Math.min(count, out.capacity()));
    if (!flush() || file.read(out, position) <= 0) {
      return 0;
    }
    return connection.write(out.flip());
  }

  @Override
  public boolean flush() throws IOException {
    return connection.flush();
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
    connection.endOutput();
  }

  @Override
  public void close(boolean orderly) {
    connection.close();
  }
}
