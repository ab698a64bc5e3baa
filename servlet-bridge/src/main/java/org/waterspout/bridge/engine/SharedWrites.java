// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;

/**
 * Writes of a request, whose threads may be several, whether it is asynchronous or the application
 * is wrong: one at a time, so that the end comes behind a write that is under way, and what comes
 * behind the end is refused. Else it could reach the next answer on the connection.
 */
final class SharedWrites implements WriteLoan {
  private final WriteLoan writes;
  private final ReentrantLock lock = new ReentrantLock();

  SharedWrites(WriteLoan writes) {
    this.writes = writes;
  }

  private interface Call {
    void run() throws IOException;
  }

  private void locked(Call call) throws IOException {
    lock.lock();
    try {
      call.run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk)
      throws IOException {
    locked(() -> writes.writeHeaders(startLine, headers, chunk));
  }

  @Override
  public void write(ByteBuffer chunk) throws IOException {
    locked(() -> writes.write(chunk));
  }

  @Override
  public void finish() throws IOException {
    locked(writes::finish);
  }

  @Override
  public void finish(HTTPHeaders trailers) throws IOException {
    locked(() -> writes.finish(trailers));
  }

  @Override
  public void abort() {
    lock.lock();
    try {
      writes.abort();
    } finally {
      lock.unlock();
    }
  }
}
