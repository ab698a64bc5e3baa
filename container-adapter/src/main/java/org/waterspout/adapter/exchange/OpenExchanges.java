// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerConnectionDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.log.Log;

/**
 * The exchanges of one adapter that are not over, and the carriers of those whose whole answer is
 * left to a thread of the container. While there are any, one timer looks now and then whether they
 * move on, since containers forget to.
 */
public final class OpenExchanges {
  private static final long PATIENCE_SECONDS = 10;

  private final IOLoop loop;
  private final HTTPServerConnectionDelegate application;
  private final Limits limits;
  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
  private final Map<Carrier, Long> leaving = new ConcurrentHashMap<>(); // and since when
  private volatile boolean abandoned;
  private @Nullable Timeout watch; // null while none is set; on the loop

  /**
   * What they may take.
   *
   * @param maxBodySize of a request, in bytes
   * @param stallTimeout how long a body may not move on, in either direction
   */
  public record Limits(long maxBodySize, Duration stallTimeout) {}

  /** None yet. */
  public OpenExchanges(IOLoop loop, HTTPServerConnectionDelegate application, Limits limits) {
    this.loop = loop;
    this.application = application;
    this.limits = limits;
  }

  /**
   * Begins one: its request is delivered on the loop. From any thread, as its last act.
   *
   * @param make makes its carrier, which may keep the exchange but not call it yet
   * @return the carrier
   */
  public <C extends Carrier> C begin(
      Deployment deployment, RequestHead head, Function<Exchange, C> make) {
    var exchange = new Exchange(this, deployment, head);
    var carrier = make.apply(exchange);
    exchange.carryBy(carrier);
    open.add(exchange);
    loop.addCallback(() -> exchange.begin(application));
    if (abandoned) {
      exchange.abandon();
    }
    return carrier;
  }

  /** A request as routes see it, for looks only. From any thread. */
  public HTTPServerRequest look(Deployment deployment, RequestHead head) {
    var exchange = new Exchange(this, deployment, head);
    return new HTTPServerRequest(head.startLine(), head.headers(), exchange, exchange);
  }

  /** Whether the loop has ended, so that nothing begins any more. From any thread. */
  public boolean abandoned() {
    return abandoned;
  }

  IOLoop loop() {
    return loop;
  }

  Limits limits() {
    return limits;
  }

  /** One is over. On the loop. */
  void remove(Exchange exchange) {
    open.remove(exchange);
  }

  /** A thread of the container has the whole answer, and may have to wait for the client. */
  void leave(Carrier carrier) {
    leaving.put(carrier, loop.time());
    watch();
  }

  /** It has no more to do with it: false if it had nothing. From any thread. */
  boolean departed(Carrier carrier) {
    return leaving.remove(carrier) != null;
  }

  /** Ends all of them, and waits until they are. From any thread but the loop's. */
  public void shutDown() {
    if (abandoned) {
      return;
    }
    var done = new CompletableFuture<Void>();
    open.forEach(exchange -> loop.addCallback(() -> exchange.lost(null)));
    leaving.keySet().forEach(carrier -> loop.addCallback(carrier::cut));
    loop.addCallback(this::stopWatching);
    // WebSockets tell in the next turn that they are over.
    loop.addCallback(() -> loop.addCallback(() -> done.complete(null)));
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Log.GENERAL.log(System.Logger.Level.ERROR, "the loop does not answer", e);
    }
  }

  /** The loop has ended, and nobody else will end them. From any thread. */
  public void abandon() {
    abandoned = true;
    open.forEach(Exchange::abandon);
    leaving.keySet().forEach(Carrier::abandon);
  }

  /** Some of them wait for their client from now on. On the loop. */
  void watch() {
    if (watch == null) {
      watch = loop.callLater(limits.stallTimeout().dividedBy(4), this::look);
    }
  }

  private void look() {
    watch = null;
    long now = loop.time();
    long limit = limits.stallTimeout().toNanos();
    for (Exchange exchange : open) {
      if (exchange.waiting()) {
        watch();
      }
      if (exchange.stalled(now, limit)) {
        exchange.post(() -> exchange.giveUp(limits.stallTimeout()));
      }
    }
    leaving.forEach((carrier, since) -> cutIfStalled(carrier, now - since > limit));
  }

  private void cutIfStalled(Carrier carrier, boolean stalled) {
    if (!stalled) {
      watch();
    } else if (departed(carrier)) {
      carrier.cut();
    }
  }

  private void stopWatching() {
    if (watch != null) {
      loop.removeTimeout(watch);
      watch = null;
    }
  }
}
