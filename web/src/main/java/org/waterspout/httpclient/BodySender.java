// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;

/**
 * Sends a body that does not leave with the head: one that is produced, or that waits for 100
 * (Continue). Confined to the loop.
 */
final class BodySender {
  private final IOLoop loop;
  private final HTTP1ClientConnection connection;
  private final HTTPRequest request;
  private final Duration continueTimeout;
  private final Consumer<Throwable> whenFailed;
  private @Nullable Timeout patience; // while it waits for 100
  private @Nullable LoopFuture<?> producing; // while a producer is at work
  private @Nullable BodyWriter writer; // what it writes to, from then on
  private boolean begun;
  private boolean stopped;

  BodySender(
      IOLoop loop,
      HTTP1ClientConnection connection,
      HTTPRequest request,
      Duration continueTimeout,
      Consumer<Throwable> whenFailed) {
    this.loop = loop;
    this.connection = connection;
    this.request = request;
    this.continueTimeout = continueTimeout;
    this.whenFailed = whenFailed;
  }

  void start(boolean waits) {
    if (waits) {
      patience = loop.callLater(continueTimeout, this::proceed); // RFC 9110 10.1.1: not for ever
    } else {
      proceed();
    }
  }

  /** The server wants the body, or says nothing. */
  void proceed() {
    endPatience();
    if (begun || stopped) {
      return;
    }
    begun = true;
    var bytes = request.body();
    if (bytes != null) {
      var _ = connection.write(ByteBuffer.wrap(bytes));
      var _ = connection.finish();
      return;
    }
    producing = loop.spawn(this::produce);
    loop.addFuture(producing, this::produced);
  }

  private @Nullable Void produce() throws Exception {
    var producer = request.bodyProducer();
    if (producer != null) {
      var its = new BodyWriter(connection);
      writer = its;
      producer.produce(its);
      its.end();
    }
    if (!stopped) {
      var _ = connection.finish();
    }
    return null;
  }

  private void produced(LoopFuture<?> done) {
    producing = null;
    var failure = failure(done);
    endWriter();
    if (failure != null && !stopped) {
      whenFailed.accept(failure);
    }
  }

  /** A piece that was refused has ended the connection, whatever the producer made of that. */
  private @Nullable Throwable failure(LoopFuture<?> done) {
    var refused = writer == null ? null : writer.refusal();
    if (refused != null) {
      return refused;
    }
    return switch (done.state()) {
      case FAILED -> done.exceptionNow();
      case CANCELLED -> new CancellationException("the producer of the body was cancelled");
      case RUNNING, SUCCESS -> null;
    };
  }

  private void endWriter() {
    if (writer != null) {
      writer.end();
    }
  }

  /** Whether something has been sent, or is about to be. */
  boolean begun() {
    return begun;
  }

  /** A server that has answered without the body does not want it: true if none is sent. */
  boolean answerHasCome() {
    if (!begun) {
      stop();
    }
    return stopped;
  }

  void stop() {
    stopped = true;
    endPatience();
    endWriter();
    if (producing != null) {
      producing.cancel(true);
    }
  }

  private void endPatience() {
    if (patience != null) {
      loop.removeTimeout(patience);
      patience = null;
    }
  }
}
