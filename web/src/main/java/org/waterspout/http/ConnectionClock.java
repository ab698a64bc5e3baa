// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import org.waterspout.iostream.IOStream;

/**
 * The time limits of one connection to a server. They are looked at by {@link ServerConnections}.
 * Confined to the loop.
 */
final class ConnectionClock {
  private final IOStream stream;
  private final HTTPServerOptions options;
  // As fields and not as two of Deadline: an idle connection has 40 bytes less.
  private boolean reads; // until more has arrived, by readingEnd
  private boolean readsBody; // until the whole body has, by bodyEnd
  private long readingEnd; // by the loop's clock
  private long bodyEnd;

  ConnectionClock(IOStream stream, HTTPServerOptions options) {
    this.stream = stream;
    this.options = options;
  }

  private long after(Duration timeout) {
    return stream.loop().time() + timeout.toNanos();
  }

  private void awaitFor(Duration timeout) {
    reads = true;
    readingEnd = after(timeout);
  }

  /** A head has begun, or is expected at once. */
  void awaitHead() {
    awaitFor(options.headerTimeout());
  }

  /** Another request may come, or none. */
  void awaitRequest() {
    awaitFor(options.idleTimeout());
  }

  /** Something has moved on, and is expected to do so again. */
  void awaitProgress() {
    awaitFor(options.stallTimeout());
  }

  /** What still arrives is of no use. */
  void awaitEnd() {
    readsBody = false;
    awaitFor(options.lingerTimeout());
  }

  /** Nothing is expected from the peer now. */
  void awaitNothing() {
    reads = false;
  }

  /** Limits the time until the body has arrived; zero for no limit. */
  void limitBody(Duration timeout) {
    readsBody = !timeout.isZero();
    if (readsBody) {
      bodyEnd = after(timeout);
    }
  }

  void clear() {
    reads = false;
    readsBody = false;
  }

  /** Whether the peer is too slow to send what is expected of it. */
  boolean inputIsLate(long now) {
    return (reads && now - readingEnd >= 0) || (readsBody && now - bodyEnd >= 0);
  }

  /** Whether the peer is too slow to take what was written. */
  boolean outputStalls(long now) {
    return stream.writing() && now - stream.lastWriteProgress() >= options.stallTimeout().toNanos();
  }
}
