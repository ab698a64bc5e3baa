// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Capability;
import org.waterspout.http.ConnectionContext;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * An exchange without a socket. Lends its write side or not; when {@link #stall}ed it accepts one
 * write and completes it only when {@link #proceed} is called.
 */
final class FakeConnection implements HTTPConnection {
  final IOLoop loop;
  final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final boolean lends;
  private final boolean head;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Deque<LoopFuture<Void>> unsent = new ArrayDeque<>();
  final CountDownLatch firstWrite = new CountDownLatch(1);
  private volatile @Nullable ResponseStartLine line;
  private volatile @Nullable HTTPHeaders headers;
  private boolean stalled;
  private boolean over;
  private boolean lent;
  private long announced = -1;
  volatile long written;
  volatile @Nullable HTTPHeaders trailers; // null unless the answer has ended with some
  String protocol = "http";
  String contextPath = "";

  FakeConnection(IOLoop loop, boolean lends, boolean head) {
    this.loop = loop;
    this.lends = lends;
    this.head = head;
  }

  Answer await() throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  synchronized void stall() {
    stalled = true;
  }

  synchronized void proceed() {
    stalled = false;
    while (!unsent.isEmpty()) {
      unsent.poll().complete(null);
    }
  }

  synchronized int unsentWrites() {
    return unsent.size();
  }

  @Override
  public IOLoop loop() {
    return loop;
  }

  @Override
  public ConnectionContext context() {
    return new ConnectionContext("192.0.2.7", 4711, "192.0.2.1", 8888, protocol);
  }

  @Override
  public String contextPath() {
    return contextPath;
  }

  @Override
  public Set<Capability> capabilities() {
    return lends ? Set.of(Capability.WRITE_LOAN) : Set.of(Capability.RESPONSE_TRAILERS);
  }

  @Override
  public String deployment() {
    return "fake";
  }

  private synchronized void start(ResponseStartLine startLine, HTTPHeaders fields) {
    if (line != null) {
      throw new IllegalStateException("headers twice");
    }
    line = startLine;
    headers = fields.copy();
    String length = fields.get("Content-Length");
    announced = length == null ? -1 : Long.parseLong(length);
  }

  private synchronized void take(@Nullable ByteBuffer chunk) {
    if (line == null || over) {
      throw new IllegalStateException("write out of order");
    }
    if (chunk != null) {
      written += chunk.remaining();
      byte[] bytes = new byte[chunk.remaining()];
      chunk.get(bytes);
      if (!head) {
        body.writeBytes(bytes);
      }
      if (announced >= 0 && written > announced) {
        throw new HTTPOutputException("too much");
      }
    }
    firstWrite.countDown();
  }

  private synchronized void end() {
    if (line == null || over) {
      throw new IllegalStateException("finish out of order");
    }
    if (announced >= 0 && written < announced && !head) {
      complete(true);
      throw new HTTPOutputException("too little");
    }
    complete(false);
  }

  private synchronized void complete(boolean cut) {
    if (!over) {
      over = true;
      int status = line == null ? 0 : line.status();
      var fields = headers == null ? new HTTPHeaders() : headers;
      answer.complete(new Answer(status, fields, body.toByteArray(), cut));
    }
  }

  private synchronized LoopFuture<Void> sent() {
    var future = new LoopFuture<Void>(loop);
    if (stalled) {
      unsent.add(future);
    } else {
      future.complete(null);
    }
    return future;
  }

  private void check() {
    if (IOLoop.current() != loop || Thread.currentThread().getName().startsWith("servlet")) {
      throw new IllegalStateException("not on the loop");
    }
    if (lent) {
      throw new IllegalStateException("lent");
    }
  }

  @Override
  public LoopFuture<Void> writeHeaders(
      ResponseStartLine startLine, HTTPHeaders fields, @Nullable ByteBuffer chunk) {
    check();
    start(startLine, fields);
    take(chunk);
    return sent();
  }

  @Override
  public LoopFuture<Void> write(ByteBuffer chunk) {
    check();
    take(chunk);
    return sent();
  }

  @Override
  public LoopFuture<Void> finish() {
    check();
    end();
    return sent();
  }

  @Override
  public LoopFuture<Void> finish(HTTPHeaders fields) {
    trailers = fields;
    return finish();
  }

  @Override
  public void abort() {
    check();
    complete(true);
  }

  @Override
  public void setMaxBodySize(long bytes) {}

  @Override
  public void setBodyTimeout(Duration timeout) {}

  @Override
  public IOStream detach() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable WriteLoan lendWriteSide() {
    check();
    if (!lends) {
      return null;
    }
    lent = true;
    return new Loan();
  }

  private final class Loan implements WriteLoan {
    @Override
    public void writeHeaders(
        ResponseStartLine startLine, HTTPHeaders fields, @Nullable ByteBuffer chunk) {
      start(startLine, fields);
      take(chunk);
    }

    @Override
    public void write(ByteBuffer chunk) throws IOException {
      if (chunk.remaining() == 0) {
        throw new AssertionError("an empty write");
      }
      take(chunk);
    }

    @Override
    public void finish() {
      end();
    }

    @Override
    public void finish(HTTPHeaders trailers) {
      throw new AssertionError("not offered");
    }

    @Override
    public void abort() {
      complete(true);
    }
  }
}
