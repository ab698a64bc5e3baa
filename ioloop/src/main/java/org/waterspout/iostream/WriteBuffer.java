// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/**
 * Output that the transport has not taken yet, in order. Small pieces leave together: they are
 * copied into the loop's buffer and written by one call.
 */
final class WriteBuffer {
  /** Then it is other streams' turn, even if the transport would take more. */
  private static final long MAX_PER_STEP = 1024 * 1024;

  private sealed interface Piece {
    long left();

    @Nullable LoopFuture<Void> written();
  }

  private record Bytes(ByteBuffer bytes, @Nullable LoopFuture<Void> written) implements Piece {
    @Override
    public long left() {
      return bytes.remaining();
    }
  }

  private static final class FileRange implements Piece {
    private final FileChannel file;
    private final LoopFuture<Void> written;
    private long position;
    private long left;

    FileRange(FileChannel file, long position, long count, LoopFuture<Void> written) {
      this.file = file;
      this.position = position;
      this.left = count;
      this.written = written;
    }

    @Override
    public long left() {
      return left;
    }

    @Override
    public LoopFuture<Void> written() {
      return written;
    }

    /** Without the interrupt that the thread may have: it is the caller's, and closes files. */
    long writeTo(Transport transport, ByteBuffer out, long most) throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        return writeSome(transport, out, Math.min(left, most));
      } catch (NonReadableChannelException e) {
        throw new IOException("the file was not opened for reading", e);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private long writeSome(Transport transport, ByteBuffer out, long most) throws IOException {
      long taken = transport.write(file, position, most, out);
      if (taken == 0 && position >= file.size()) {
        throw new EOFException("the file ends " + left + " bytes before what was to be written");
      }
      position += taken;
      left -= taken;
      return taken;
    }
  }

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>(2);
  private final ArrayDeque<LoopFuture<Void>> taken = new ArrayDeque<>(1); // but not passed on yet
  private long size;
  private long sizeOfFiles;

  boolean isEmpty() {
    return pieces.isEmpty() && taken.isEmpty();
  }

  /** Whether a file is what is written now, so that a failure may be the file's. */
  boolean isAtFile() {
    return pieces.peekFirst() instanceof FileRange;
  }

  /** Bytes that the transport has not taken. */
  long size() {
    return size;
  }

  /** Those of them that are in memory. */
  long sizeInMemory() {
    return size - sizeOfFiles;
  }

  /** Queues a piece; the future, if any, completes when it has been written. */
  void add(ByteBuffer bytes, @Nullable LoopFuture<Void> written) {
    pieces.add(new Bytes(bytes, written));
    size += bytes.remaining();
  }

  /** Queues a part of a file. */
  void add(FileChannel file, long position, long count, LoopFuture<Void> written) {
    pieces.add(new FileRange(file, position, count, written));
    size += count;
    sizeOfFiles += count;
  }

  /** Writes until all is written, the transport takes no more, or others must have their turn. */
  void writeTo(Transport transport, ByteBuffer out) throws IOException {
    long most = MAX_PER_STEP;
    boolean room = true;
    while (!pieces.isEmpty() && most > 0 && room) {
      long before = size;
      room = writeOnce(transport, out, most);
      most -= before - size;
      dropTaken();
    }
    if (transport.flush()) {
      taken.forEach(written -> written.completeLater(null));
      taken.clear();
    }
  }

  /** False if the transport takes no more. */
  private boolean writeOnce(Transport transport, ByteBuffer out, long most) throws IOException {
    switch (pieces.getFirst()) {
      case FileRange range -> {
        long count = range.writeTo(transport, out, most);
        size -= count;
        sizeOfFiles -= count;
        return count > 0;
      }
      case Bytes(var bytes, _) when bytes.isDirect() && bytes.remaining() >= out.capacity() -> {
        return writeInPlace(transport, bytes, (int) most);
      }
      case Bytes _ -> {
        fill(out);
        int count = out.hasRemaining() ? transport.write(out) : 0;
        advance(count);
        size -= count;
        return !out.hasRemaining();
      }
    }
  }

  /** A large piece outside the heap leaves from where it lies. */
  private boolean writeInPlace(Transport transport, ByteBuffer bytes, int most) throws IOException {
    int end = bytes.limit();
    bytes.limit(bytes.position() + Math.min(bytes.remaining(), most));
    try {
      size -= transport.write(bytes);
      return !bytes.hasRemaining();
    } finally {
      bytes.limit(end);
    }
  }

  private void fill(ByteBuffer out) {
    out.clear();
    for (var piece : pieces) {
      if (!(piece instanceof Bytes(var bytes, _)) || !out.hasRemaining()) {
        break;
      }
      int length = Math.min(bytes.remaining(), out.remaining());
      out.put(out.position(), bytes, bytes.position(), length);
      out.position(out.position() + length);
    }
    out.flip();
  }

  private void advance(int count) {
    int left = count;
    for (var piece : pieces) {
      if (left == 0 || !(piece instanceof Bytes(var bytes, _))) {
        break;
      }
      int length = Math.min(left, bytes.remaining());
      bytes.position(bytes.position() + length);
      left -= length;
    }
  }

  private void dropTaken() {
    while (!pieces.isEmpty() && pieces.getFirst().left() == 0) {
      var written = pieces.removeFirst().written();
      if (written != null) {
        taken.add(written);
      }
    }
  }

  /** Fails what is queued and forgets it. */
  void fail(RuntimeException reason) {
    taken.forEach(written -> written.failLater(reason));
    taken.clear();
    for (var piece : pieces) {
      var written = piece.written();
      if (written != null) {
        written.failLater(reason);
      }
    }
    pieces.clear();
    size = 0;
    sizeOfFiles = 0;
  }
}
