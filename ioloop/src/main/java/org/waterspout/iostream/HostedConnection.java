// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection whose socket is watched by somebody else, such as a container that has answered 101
 * on it: what a {@link HostedIOStream} is over. It is called on the stream's loop, but for {@link
 * #close}, never blocks, and keeps no buffer that it was given.
 */
public interface HostedConnection {
  /**
   * Reads what is there.
   *
   * @return how many bytes were put into the buffer, 0 if none are there now, -1 at the end
   */
  int read(ByteBuffer into) throws IOException;

  /** Takes what it can of a buffer and returns how many bytes that was. */
  int write(ByteBuffer from) throws IOException;

  /** Passes on what {@link #write} took but still keeps; true if nothing is kept. */
  boolean flush() throws IOException;

  /**
   * Runs a task, once and in any thread, when {@link #read} may have something, be it the end or an
   * exception. Not asked again before it has.
   */
  void whenReadable(Runnable ready);

  /**
   * Runs a task, once and in any thread, when {@link #write} or {@link #flush} may get on, be it to
   * an exception. Not asked again before it has.
   */
  void whenWritable(Runnable ready);

  /** The peer sees the end of what was written, and can still send. */
  void endOutput() throws IOException;

  /** Ends the connection. Does nothing if it has ended. From any thread. */
  void close();
}
