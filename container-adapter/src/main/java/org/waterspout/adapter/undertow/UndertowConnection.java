// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.waterspout.iostream.HostedConnection;
import org.waterspout.log.Log;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;

/**
 * A connection that Undertow has answered 101 on. On the loop, or under TLS on its I/O thread
 * behind a {@link PumpedConnection}; but for the channels' listeners, which stop themselves first:
 * only one thread uses a channel at a time.
 */
record UndertowConnection(StreamConnection connection) implements HostedConnection {
  /** What a request may wait for says nothing about a WebSocket. */
  void removeTimeouts() {
    try {
      connection.setOption(Options.READ_TIMEOUT, 0);
      connection.setOption(Options.WRITE_TIMEOUT, 0);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "the connection is closed already", e);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return connection.getSourceChannel().read(into);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return connection.getSinkChannel().write(from);
  }

  @Override
  public boolean flush() throws IOException {
    return connection.getSinkChannel().flush();
  }

  @Override
  public void whenReadable(Runnable ready) {
    var source = connection.getSourceChannel();
    source.setReadListener(
        readable -> {
          readable.suspendReads();
          ready.run();
        });
    source.resumeReads();
  }

  @Override
  public void whenWritable(Runnable ready) {
    var sink = connection.getSinkChannel();
    sink.setWriteListener(
        writable -> {
          writable.suspendWrites();
          ready.run();
        });
    sink.resumeWrites();
  }

  @Override
  public void endOutput() throws IOException {
    var sink = connection.getSinkChannel();
    sink.shutdownWrites();
    sink.flush();
  }

  @Override
  public void close() {
    IoUtils.safeClose(connection);
  }
}
