// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * The open connections of one server on one loop, and the sweep that enforces their time limits.
 *
 * <p>A limit is a field of its connection; one timer looks at all of them, and only while there are
 * any. Confined to the loop.
 */
final class ServerConnections {
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);

  private final IOLoop loop;
  private final Context root;
  private final Duration interval;
  private final long stallNanos;
  private final Set<OpenConnection> open = new HashSet<>();
  private final Tally tally;
  private final List<LoopFuture<Void>> emptied = new ArrayList<>();
  private boolean sweeping;
  private volatile boolean ending;

  ServerConnections(IOLoop loop, Context root, HTTPServerOptions options) {
    this.loop = loop;
    this.root = root;
    this.interval = interval(options);
    this.stallNanos = options.stallTimeout().toNanos();
    this.tally = new Tally(loop, root, options.accessLog());
  }

  IOLoop loop() {
    return loop;
  }

  /** The context outside of all requests. */
  Context root() {
    return root;
  }

  Tally tally() {
    return tally;
  }

  void add(OpenConnection connection) {
    open.add(connection);
    if (ending) {
      root.execute(connection::endWhenIdle);
    }
    if (!sweeping) {
      sweepLater();
    }
  }

  void remove(OpenConnection connection) {
    if (open.remove(connection) && open.isEmpty() && !emptied.isEmpty()) {
      root.execute(this::tellIfEmpty); // what detaches may be about to leave a tenant
    }
  }

  private void tellIfEmpty() {
    if (open.isEmpty()) {
      emptied.forEach(future -> future.complete(null));
      emptied.clear();
    }
  }

  /** How long a peer may take nothing of what was written to it. */
  long stallNanos() {
    return stallNanos;
  }

  /** Adds the tenant of a stream; to be run when it has ended. */
  Runnable keep(IOStream stream, Tenant tenant) {
    var kept = new KeptTenant(this, stream, tenant);
    add(kept);
    return kept;
  }

  /** Whether all of them end with the request that is under way. From any thread. */
  boolean ending() {
    return ending;
  }

  /**
   * Closes those without a request now, the others behind their answers; tenants are told. Done
   * when none is open.
   */
  LoopFuture<Void> endAll() {
    end();
    return whenNoneOpenAfter(OpenConnection::endWhenIdle);
  }

  /** What comes from now on is asked to end at once. From any thread. */
  void end() {
    ending = true;
  }

  /** Closes all of them as if their peers had gone. Done when none is open. */
  LoopFuture<Void> closeAll() {
    return whenNoneOpenAfter(OpenConnection::shutDown);
  }

  private LoopFuture<Void> whenNoneOpenAfter(Consumer<OpenConnection> closing) {
    var future = new LoopFuture<Void>(loop);
    if (open.isEmpty()) {
      future.complete(null);
      return future;
    }
    emptied.add(future);
    for (OpenConnection connection : open) {
      root.execute(() -> closing.accept(connection));
    }
    return future;
  }

  private void sweepLater() {
    sweeping = true;
    root.run(
        () -> {
          var _ = loop.callLater(interval, this::sweep);
        });
  }

  private void sweep() {
    long now = loop.time();
    for (OpenConnection connection : open) {
      if (connection.expired(now)) {
        root.execute(connection::expire); // enters user code, which may park
      }
    }
    if (open.isEmpty()) {
      sweeping = false;
    } else {
      sweepLater();
    }
  }

  /** A second, less only where a limit is so short that a second would matter. */
  static Duration interval(HTTPServerOptions options) {
    Duration body = options.bodyTimeout();
    Duration interval = LONGEST_INTERVAL;
    for (Duration limit :
        List.of(
            options.headerTimeout(),
            options.idleTimeout(),
            options.stallTimeout(),
            options.lingerTimeout(),
            body.isZero() ? LONGEST_INTERVAL.multipliedBy(8) : body)) {
      Duration share = limit.dividedBy(8);
      interval = share.compareTo(interval) < 0 ? share : interval;
    }
    return interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
  }
}
