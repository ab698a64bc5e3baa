// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Content in memory. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record BytesContent(byte[] bytes, @Nullable Instant modified) implements StaticContent {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public String version() {
    try {
      return ContentVersions.hash(open(), bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory
    }
  }

  @Override
  public SeekableByteChannel open() {
    return new Reader(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  private static final class Reader implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private boolean open = true;

    Reader(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(into.remaining(), bytes.remaining());
      into.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public long position() {
      return bytes.position();
    }

    @Override
    public SeekableByteChannel position(long position) {
      bytes.position((int) Math.min(position, bytes.limit()));
      return this;
    }

    @Override
    public long size() {
      return bytes.limit();
    }

    @Override
    public int write(ByteBuffer from) {
      throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
