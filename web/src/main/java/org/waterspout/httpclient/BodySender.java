// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.ByteBuffer;
import java.time.Duration;
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
      producer.produce(new BodyWriter(connection));
    }
    if (!stopped) {
      var _ = connection.finish();
    }
    return null;
  }

  private void produced(LoopFuture<?> done) {
    producing = null;
    if (done.isCompletedExceptionally() && !stopped) {
      whenFailed.accept(done.exceptionNow());
    }
  }

  /** A server that has answered without the body does not want it. */
  void answerHasCome() {
    if (!begun) {
      stop();
    }
  }

  void stop() {
    stopped = true;
    endPatience();
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
