// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What carries the bytes of a stream. It never blocks, keeps nothing that it was given, and is
 * called on the loop only.
 */
interface Transport {
  /**
   * Reads what is there.
   *
   * @return how many bytes were put into the buffer, 0 if none are there now, -1 at the end
   */
  int read(ByteBuffer into) throws IOException;

  /**
   * Whether an end that {@link #read} meets after a failed write is an orderly one all the same. On
   * a socket it may be a reset, of which the write was told.
   */
  default boolean endIsSure() {
    return false;
  }

  /** Whether there is anything to read, ever. */
  boolean hasInput();

  /** Whether {@link #read} has something although the channel may not be ready. */
  boolean hasMore();

  /** Takes what it can of a buffer and returns how many bytes that was. */
  int write(ByteBuffer from) throws IOException;

  /** Takes what it can of a part of a file; {@code out} is there for those that have to copy. */
  long write(FileChannel file, long position, long count, ByteBuffer out) throws IOException;

  /** Passes on what {@link #write} took but still keeps; true if nothing is kept. */
  boolean flush() throws IOException;

  /** How many bytes {@link #flush} has yet to pass on. */
  default int unsent() {
    return 0;
  }

  /** Whether reading and writing have to wait until both sides have agreed on something. */
  boolean handshaking();

  /** The operations to wait for, given those that the stream has a use for. */
  int interest(int wanted);

  /** The peer sees the end of what was written, and can still send. */
  void endOutput() throws IOException;

  /** Closes; after an orderly end the peer is told so, if the transport can tell. */
  void close(boolean orderly) throws IOException;
}
