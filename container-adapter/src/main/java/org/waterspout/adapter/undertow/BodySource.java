// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Exchange;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.ioloop.LoopLocal;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads a request's body piece by piece. On the loop, but for the channel's listener, which stops
 * itself and wakes the loop: only one of the two uses the channel at a time.
 */
final class BodySource {
  private static final LoopLocal<ByteBuffer> BUFFER =
      new LoopLocal<>(_ -> ByteBuffer.allocate(64 * 1024));

  private final Exchange exchange;
  private final HttpServerExchange http;
  private @Nullable StreamSourceChannel channel; // null until something is read
  private long received;
  private boolean stopped;

  BodySource(Exchange exchange, HttpServerExchange http) {
    this.exchange = exchange;
    this.http = http;
  }

  /** Delivers one piece, or the end, when there is one. As the last act of a callback. */
  void read() {
    if (stopped) {
      return;
    }
    var buffer = BUFFER.get(exchange.loop()).clear();
    int count;
    try {
      count = channel().read(buffer);
    } catch (IOException e) {
      exchange.bodyFailed(e);
      return;
    } catch (RuntimeException e) {
      exchange.failed(e);
      return;
    }
    if (count > 0) {
      received += count;
      byte[] piece = new byte[count];
      buffer.flip().get(piece);
      exchange.bodyPiece(piece);
    } else if (count < 0 && whole()) {
      exchange.bodyArrived(trailers());
    } else if (count < 0) {
      exchange.bodyFailed(new EOFException("the connection was closed within the body"));
    } else {
      whenReadable(() -> exchange.post(this::read));
    }
  }

  /** A connection that Undertow has closed, by a time-out say, looks like the end of the body. */
  private boolean whole() {
    long length = exchange.head().contentLength();
    return length < 0 ? http.getConnection().isOpen() : received == length;
  }

  /** Throws away what is there, without waiting for more; whether that was the rest. */
  boolean skipAvailable() throws IOException {
    return skip() && http.isRequestComplete();
  }

  /** Throws away the rest, as long as it comes, and runs a task behind it. */
  void skipRest(Runnable atTheEnd) {
    stopped = true;
    boolean end;
    try {
      end = skip();
    } catch (IOException | RuntimeException e) {
      end = true;
    }
    if (end) {
      atTheEnd.run();
    } else {
      whenReadable(() -> exchange.post(() -> skipRest(atTheEnd)));
    }
  }

  /** Whether the end was reached. */
  private boolean skip() throws IOException {
    var buffer = BUFFER.get(exchange.loop());
    int count;
    do {
      count = channel().read(buffer.clear());
    } while (count > 0);
    return count < 0;
  }

  private void whenReadable(Runnable task) {
    var source = channel();
    source
        .getReadSetter()
        .set(
            readable -> {
              readable.suspendReads();
              task.run();
            });
    source.resumeReads();
  }

  private StreamSourceChannel channel() {
    if (channel == null) {
      channel = http.getRequestChannel();
      if (channel == null) {
        throw new IllegalStateException("a handler in front has taken the body");
      }
    }
    return channel;
  }

  private HTTPHeaders trailers() {
    var fields = http.getAttachment(HttpAttachments.REQUEST_TRAILERS);
    return fields == null
        ? new HTTPHeaders()
        : UndertowRequest.headers(fields, HTTPUtil::isTrailer);
  }
}
