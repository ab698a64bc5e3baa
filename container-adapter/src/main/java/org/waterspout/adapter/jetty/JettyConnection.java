// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.OpenedStream;
import org.waterspout.adapter.exchange.WebSocketUpgrade;
import org.waterspout.iostream.HostedConnection;

/**
 * What Jetty's HTTP gives its connection to, behind its answer 101.
 *
 * <p>On the loop, but for what Jetty calls: that only posts. Jetty has one write in its hands at
 * most, of bytes for which there was no room at once.
 */
final class JettyConnection extends AbstractConnection
    implements Connection.UpgradeTo, HostedConnection {
  private static final int KEPT = 16 * 1024; // of a write, at most

  private final EndPoint endPoint;
  private final WebSocketUpgrade upgrade;
  private ByteBuffer early = ByteBuffer.allocate(0); // Jetty had read it with the request
  private boolean writing; // Jetty has bytes
  private @Nullable Throwable failure; // of that; null while there is none
  private @Nullable Runnable whenWritten; // null while nobody waits
  private @Nullable OpenedStream opened; // null before

  JettyConnection(EndPoint endPoint, Executor executor, WebSocketUpgrade upgrade) {
    super(endPoint, executor);
    this.endPoint = endPoint;
    this.upgrade = upgrade;
  }

  // ---- called by Jetty, in any thread

  @Override
  public void onUpgradeTo(ByteBuffer rest) {
    early = ByteBuffer.allocate(rest.remaining()).put(rest).flip();
  }

  @Override
  public void onOpen() {
    super.onOpen();
    if (upgrade.givenUp()) {
      close(); // the loop may have ended
    } else {
      upgrade.exchange().post(this::open);
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    upgrade.exchange().post(() -> lost(cause));
  }

  /** That an idle client is there still, pings tell. */
  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    return false;
  }

  /** Not asked for: whoever waits gives a callback of its own. */
  @Override
  public void onFillable() {}

  // ---- on the loop

  private void open() {
    opened = new OpenedStream(upgrade, this);
    upgrade.opened(opened);
  }

  private void lost(@Nullable Throwable cause) {
    if (opened != null) {
      opened.lost(cause);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int length = early.hasRemaining() ? take(into) : fill(into);
    into.position(into.position() + Math.max(0, length));
    return length;
  }

  private int take(ByteBuffer into) {
    int length = Math.min(early.remaining(), into.remaining());
    into.put(into.position(), early, early.position(), length);
    early.position(early.position() + length);
    return length;
  }

  /** Jetty adds behind the limit of a buffer, and begins anew with one that is empty. */
  private int fill(ByteBuffer into) throws IOException {
    return endPoint.fill(into.slice().limit(0));
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!flush()) {
      return 0;
    }
    int before = from.remaining();
    if (!endPoint.flush(from)) {
      keep(from);
    }
    return before - from.remaining();
  }

  private void keep(ByteBuffer from) {
    int length = Math.min(from.remaining(), KEPT);
    var kept = ByteBuffer.allocate(length).put(from.slice().limit(length)).flip();
    from.position(from.position() + length);
    writing = true;
    endPoint.write(
        Callback.from(InvocationType.NON_BLOCKING, () -> postWritten(null), this::postWritten),
        kept);
  }

  private void postWritten(@Nullable Throwable failure) {
    upgrade.exchange().post(() -> written(failure));
  }

  private void written(@Nullable Throwable failure) {
    writing = false;
    this.failure = failure;
    var waiting = whenWritten;
    whenWritten = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  @Override
  public boolean flush() throws IOException {
    if (failure != null) {
      throw new IOException("the client has gone", failure);
    }
    return !writing;
  }

  @Override
  public void whenReadable(Runnable ready) {
    if (early.hasRemaining()) {
      ready.run();
    } else {
      endPoint.fillInterested(Callback.from(InvocationType.NON_BLOCKING, ready, _ -> ready.run()));
    }
  }

  @Override
  public void whenWritable(Runnable ready) {
    if (writing) {
      whenWritten = ready;
    } else {
      ready.run();
    }
  }

  @Override
  public void endOutput() {
    endPoint.shutdownOutput();
  }

  /** In any thread. */
  @Override
  public void close() {
    endPoint.close();
  }
}
