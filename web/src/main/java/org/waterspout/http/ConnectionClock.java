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
  private final Deadline reading = new Deadline(); // until more has arrived
  private final Deadline body = new Deadline(); // until the whole body has

  ConnectionClock(IOStream stream, HTTPServerOptions options) {
    this.stream = stream;
    this.options = options;
  }

  private long now() {
    return stream.loop().time();
  }

  /** A head has begun, or is expected at once. */
  void awaitHead() {
    reading.set(now(), options.headerTimeout());
  }

  /** Another request may come, or none. */
  void awaitRequest() {
    reading.set(now(), options.idleTimeout());
  }

  /** Something has moved on, and is expected to do so again. */
  void awaitProgress() {
    reading.set(now(), options.stallTimeout());
  }

  /** What still arrives is of no use. */
  void awaitEnd() {
    body.clear();
    reading.set(now(), options.lingerTimeout());
  }

  /** Nothing is expected from the peer now. */
  void awaitNothing() {
    reading.clear();
  }

  /** Limits the time until the body has arrived; zero for no limit. */
  void limitBody(Duration timeout) {
    if (timeout.isZero()) {
      body.clear();
    } else {
      body.set(now(), timeout);
    }
  }

  void clear() {
    reading.clear();
    body.clear();
  }

  /** Whether the peer is too slow to send what is expected of it. */
  boolean inputIsLate(long now) {
    return reading.passed(now) || body.passed(now);
  }

  /** Whether the peer is too slow to take what was written. */
  boolean outputStalls(long now) {
    return stream.writing() && now - stream.lastWriteProgress() >= options.stallTimeout().toNanos();
  }
}
