// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.iostream.StreamLoan;

/**
 * The write side of an exchange in the hands of another thread.
 *
 * <p>The encoder of the exchange is handed over with it, and comes back with {@link
 * HTTP1Connection#loanReturned}; between the two the loop neither writes nor looks at it.
 */
final class HTTP1WriteLoan implements WriteLoan {
  private final HTTP1Connection exchange;
  private final ResponseEncoder encoder;
  private final StreamLoan stream;
  private final Duration stall;
  private final OutBytes out = new OutBytes(512);
  private long sent;
  private boolean returned;
  private boolean broken; // a write has failed
  private volatile boolean revoked;

  HTTP1WriteLoan(
      HTTP1Connection exchange, ResponseEncoder encoder, StreamLoan stream, Duration stall) {
    this.exchange = exchange;
    this.encoder = encoder;
    this.stream = stream;
    this.stall = stall;
  }

  @Override
  public void writeHeaders(
      ResponseStartLine startLine, HTTPHeaders headers, @Nullable ByteBuffer chunk)
      throws IOException {
    check();
    exchange.prepareHead(false);
    out.clear();
    encoder.head(startLine, headers, chunk == null ? 0 : chunk.remaining(), HTTPDate.now(), out);
    send(chunk);
  }

  @Override
  public void write(ByteBuffer chunk) throws IOException {
    check();
    out.clear();
    send(chunk);
  }

  private void send(@Nullable ByteBuffer chunk) throws IOException {
    int length = chunk == null ? 0 : chunk.remaining();
    boolean sent;
    try {
      sent = encoder.beforePiece(length, out);
    } catch (HTTPOutputException e) {
      abort();
      throw e;
    }
    if (chunk == null || !sent) {
      flush();
    } else if (length <= HTTP1Connection.COPIED_UNFRAMED) {
      encoder.afterPiece(out.add(chunk));
      chunk.position(chunk.limit());
      flush();
    } else {
      var behind = new OutBytes(2);
      encoder.afterPiece(behind);
      transfer(out.buffer(), chunk, behind.buffer());
    }
  }

  private void flush() throws IOException {
    if (!out.isEmpty()) {
      transfer(out.buffer());
    }
  }

  private void transfer(ByteBuffer... buffers) throws IOException {
    long length = 0;
    for (ByteBuffer buffer : buffers) {
      length += buffer.remaining();
    }
    try {
      stream.write(stall, buffers);
      sent += length;
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  @Override
  public void finish() throws IOException {
    finish(TrailerFields.NONE);
  }

  @Override
  public void finish(HTTPHeaders trailers) throws IOException {
    try {
      check();
      out.clear();
      encoder.end(trailers, out);
      flush();
    } catch (HTTPOutputException | IOException e) {
      abort();
      throw e;
    }
    giveBack(true);
  }

  @Override
  public void abort() {
    if (!returned) {
      giveBack(false);
    }
  }

  /** The loop wants the write side back: the next call fails. From the loop. */
  void revoke() {
    revoked = true;
  }

  private void giveBack(boolean whole) {
    returned = true;
    stream.giveBack(() -> exchange.loanReturned(whole, broken, sent));
  }

  private void check() throws IOException {
    if (returned) {
      throw new IllegalStateException("the write side was given back before");
    }
    if (revoked) {
      throw new IOException("the request was refused while it was being answered");
    }
  }
}
