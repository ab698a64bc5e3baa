// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.Exchange;

/**
 * Tells the exchange that a connection carries when Undertow closes it: by a time-out, or because
 * the server stops. One for each connection, since Undertow never forgets a listener.
 */
final class CloseWatch implements ServerConnection.CloseListener {
  private static final AttachmentKey<CloseWatch> KEY = AttachmentKey.create(CloseWatch.class);

  private record Carried(Exchange exchange, HttpServerExchange http) {}

  private final AtomicReference<@Nullable Carried> current = new AtomicReference<>();

  /** The watch of a connection, on Undertow's thread; of its exchange from now on. */
  static CloseWatch of(HttpServerExchange http, Exchange exchange) {
    var connection = http.getConnection();
    var watch = connection.getAttachment(KEY);
    if (watch == null) {
      watch = new CloseWatch();
      connection.putAttachment(KEY, watch);
      connection.addCloseListener(watch);
    }
    watch.current.set(new Carried(exchange, http));
    return watch;
  }

  /** The exchange is over; its connection may carry another already. From any thread. */
  void leave(Exchange exchange) {
    current.updateAndGet(now -> now == null || now.exchange.equals(exchange) ? null : now);
  }

  @Override
  public void closed(ServerConnection connection) {
    var carried = current.get();
    // An answer of announced length is complete before its writer says so, and may be the last.
    if (carried != null && !carried.http.isComplete()) {
      var exchange = carried.exchange;
      exchange.post(() -> exchange.lost(new IOException("Undertow has closed the connection")));
    }
  }
}
