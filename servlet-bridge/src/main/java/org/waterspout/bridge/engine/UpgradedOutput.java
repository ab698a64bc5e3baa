// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * What an upgraded connection sends, without a buffer: whoever speaks a protocol decides what goes
 * together. Closing it ends the output; the peer may still send.
 */
final class UpgradedOutput extends ServletOutputStream {
  private final UpgradedConnection connection;
  private final WriteSide side;
  private volatile boolean closed;

  UpgradedOutput(UpgradedConnection connection) {
    this.connection = connection;
    this.side = new WriteSide(connection);
  }

  WriteSide side() {
    return side;
  }

  @Override
  public void write(int b) throws IOException {
    send(ByteBuffer.wrap(new byte[] {(byte) b}));
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    send(ByteBuffer.wrap(source, offset, length));
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    send(source.duplicate());
    source.position(source.limit());
  }

  /** In one write: behind the first of two the stream may not be ready. */
  @Override
  public void println(String text) throws IOException {
    print(text + "\r\n");
  }

  private void send(ByteBuffer bytes) throws IOException {
    side.checkReady("write");
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (bytes.hasRemaining()) {
      write(() -> connection.send(bytes));
    }
  }

  private void write(WriteQueue.Write write) throws IOException {
    if (!side.unblocked()) {
      LoopGuard.check(connection.loop(), "a blocking write");
    }
    side.write(write);
  }

  /** Nothing waits here. */
  @Override
  public void flush() throws IOException {
    side.checkReady("flush");
  }

  @Override
  public boolean isReady() {
    return side.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    side.listen(listener);
  }

  /** Ends the output behind what is under way. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      side.end();
      write(connection::endOutput);
    }
  }
}
