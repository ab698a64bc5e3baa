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
 * Reads a request's body piece by piece. On the home thread, and so is the channel's listener under
 * TLS; otherwise that stops itself and wakes the loop: only one of the two uses the channel at a
 * time.
 */
final class BodySource {
  private static final LoopLocal<ByteBuffer> BUFFER =
      new LoopLocal<>(_ -> ByteBuffer.allocate(64 * 1024));

  private final Exchange exchange;
  private final HttpServerExchange http;
  private final HomeThread home;
  private @Nullable StreamSourceChannel channel; // null until something is read
  private long received;
  private boolean stopped;

  BodySource(Exchange exchange, HttpServerExchange http, HomeThread home) {
    this.exchange = exchange;
    this.http = http;
    this.home = home;
  }

  /** Delivers one piece, or the end, when there is one. As the last act of a callback. */
  void read() {
    if (stopped) {
      return;
    }
    var buffer = buffer();
    int count;
    try {
      count = channel().read(buffer);
    } catch (IOException e) {
      home.tell(() -> exchange.bodyFailed(e));
      return;
    } catch (RuntimeException e) {
      home.tell(() -> exchange.failed(e));
      return;
    }
    if (count > 0) {
      received += count;
      byte[] piece = new byte[count];
      buffer.flip().get(piece);
      home.tell(() -> exchange.bodyPiece(piece));
    } else if (count < 0) {
      end();
    } else {
      whenReadable(this::read);
    }
  }

  private ByteBuffer buffer() {
    return home.isLoop()
        ? BUFFER.get(exchange.loop()).clear()
        : ByteBuffer.allocate(HomeThread.TLS_RECORD);
  }

  private void end() {
    if (whole()) {
      var trailers = trailers();
      home.tell(() -> exchange.bodyArrived(trailers));
    } else {
      var cut = new EOFException("the connection was closed within the body");
      home.tell(() -> exchange.bodyFailed(cut));
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
      whenReadable(() -> skipRest(atTheEnd));
    }
  }

  /** Whether the end was reached. */
  private boolean skip() throws IOException {
    var buffer = buffer();
    int count;
    do {
      count = channel().read(buffer.clear());
    } while (count > 0);
    return count < 0;
  }

  /** Goes on at home when there is something. */
  private void whenReadable(Runnable task) {
    var source = channel();
    source
        .getReadSetter()
        .set(
            readable -> {
              readable.suspendReads();
              home.later(task);
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
