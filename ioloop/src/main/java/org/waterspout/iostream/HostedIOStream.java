// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

/**
 * A stream over a connection whose socket is watched by somebody else. Who has the connection
 * closes the stream, on its loop, when the connection is closed from the other side of that.
 */
public final class HostedIOStream extends BaseIOStream {
  /** A stream of the current loop. It owns the connection. */
  public HostedIOStream(HostedConnection connection) {
    this(connection, StreamLimits.DEFAULT);
  }

  /** A stream with limits of its own; see {@link #HostedIOStream(HostedConnection)}. */
  public HostedIOStream(HostedConnection connection, StreamLimits limits) {
    super(
        new HostedTransport(connection), limits, stream -> new HostedReadiness(stream, connection));
  }
}
