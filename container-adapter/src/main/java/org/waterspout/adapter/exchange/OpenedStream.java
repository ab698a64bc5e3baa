// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Tenant;
import org.waterspout.http.UpgradedStream;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.BaseIOStream;
import org.waterspout.iostream.HostedConnection;
import org.waterspout.iostream.HostedIOStream;
import org.waterspout.log.Log;

/**
 * A container's connection behind its answer 101, as the stream of a WebSocket. A client that takes
 * nothing of what was written for the adapter's stall timeout is cut. On the loop, but for {@link
 * #abandon}.
 */
public final class OpenedStream implements UpgradedStream, WebSocketUpgrade.Socket {
  private final WebSocketUpgrade upgrade;
  private final HostedConnection connection;
  private final IOLoop loop;
  private final HostedIOStream stream;
  private @Nullable Tenant tenant; // null until somebody lives there
  private @Nullable Timeout stallWatch; // null while none is set

  /** A stream of the upgrade's loop. It owns the connection. */
  public OpenedStream(WebSocketUpgrade upgrade, HostedConnection connection) {
    this.upgrade = upgrade;
    this.connection = connection;
    this.loop = upgrade.exchange().loop();
    this.stream = new HostedIOStream(new Watched(connection, this::watch));
  }

  @Override
  public BaseIOStream stream() {
    return stream;
  }

  @Override
  public Runnable keep(Tenant tenant) {
    this.tenant = tenant;
    return this::ended;
  }

  private void ended() {
    if (stallWatch != null) {
      loop.removeTimeout(stallWatch);
      stallWatch = null;
    }
    upgrade.ended();
  }

  /** There is no room for all that was written. */
  private void watch() {
    if (stallWatch == null) {
      stallWatch = loop.callLater(upgrade.stallTimeout(), this::lookWhetherStalled);
    }
  }

  private void lookWhetherStalled() {
    stallWatch = null;
    if (!stream.writing()) {
      return;
    }
    var left = upgrade.stallTimeout().minusNanos(loop.time() - stream.lastWriteProgress());
    if (left.isPositive()) {
      stallWatch = loop.callLater(left, this::lookWhetherStalled);
    } else {
      Log.GENERAL.log(
          Level.INFO,
          "{0} was cut: it takes nothing of a message",
          upgrade.exchange().head().startLine().target());
      stream.close(new IOException("the client has taken nothing for too long"));
    }
  }

  /** The container has closed the connection. */
  public void lost(@Nullable Throwable cause) {
    stream.close(new IOException("the container has closed the connection", cause));
    if (tenant == null) {
      ended();
    }
  }

  @Override
  public void cut() {
    stream.close();
    if (tenant == null) {
      ended();
    }
  }

  @Override
  public void goAway() {
    if (tenant != null) {
      tenant.goAway(); // its last word is on its way, if there is room for it
    }
    cut();
  }

  @Override
  public void abandon() {
    connection.close();
  }

  /** Tells when there is no room. */
  private record Watched(HostedConnection connection, Runnable noRoom) implements HostedConnection {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return connection.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return connection.write(from);
    }

    @Override
    public boolean flush() throws IOException {
      return connection.flush();
    }

    @Override
    public void whenReadable(Runnable ready) {
      connection.whenReadable(ready);
    }

    @Override
    public void whenWritable(Runnable ready) {
      noRoom.run();
      connection.whenWritable(ready);
    }

    @Override
    public void endOutput() throws IOException {
      connection.endOutput();
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
