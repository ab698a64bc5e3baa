// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;

/**
 * Writes where the write side cannot be lent: every call is posted to the loop and waited for, so
 * that a slow client holds the servlet back here too.
 */
final class PostedWrites implements WriteLoan {
  private final HTTPConnection connection;
  private volatile boolean gone;

  /** What the servlet's thread waits for; null if it does not wait. */
  private volatile @Nullable LoopCall<Void> pending;

  PostedWrites(HTTPConnection connection) {
    this.connection = connection;
  }

  @Override
  public void writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk)
      throws IOException {
    post(() -> connection.writeHeaders(startLine, headers, chunk));
  }

  @Override
  public void write(ByteBuffer chunk) throws IOException {
    post(() -> connection.write(chunk));
  }

  @Override
  public void finish() throws IOException {
    post(connection::finish);
  }

  @Override
  public void finish(HTTPHeaders trailers) throws IOException {
    post(() -> connection.finish(trailers));
  }

  @Override
  public void abort() {
    connection.loop().addCallback(connection::abort);
  }

  /** On the loop: the client is gone, nothing that is waited for will come. */
  void fail() {
    gone = true;
    LoopCall<Void> waited = pending;
    if (waited != null) {
      waited.fail(new ClientGoneException());
    }
  }

  private void post(Supplier<CompletionStage<Void>> call) throws IOException {
    var posted = new LoopCall<Void>(connection.loop());
    pending = posted;
    if (gone) {
      throw new ClientGoneException();
    }
    try {
      var _ = posted.make(call);
    } catch (ExecutionException e) {
      throw asWritten(e.getCause());
    } finally {
      pending = null;
    }
  }

  private static IOException asWritten(@Nullable Throwable failure) {
    return switch (failure) {
      case HTTPOutputException e -> throw e;
      case IllegalStateException e -> throw e;
      case Error e -> throw e;
      case ClientGoneException e -> e;
      case null, default -> new IOException("the answer could not be written", failure);
    };
  }
}
