// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.Timeout;
import org.waterspout.log.Log;

/**
 * Who may go on with a request, and the connections that are kept for the next. Confined to the
 * loop.
 *
 * <pre>
 *   acquire   a place among maxClients, and among maxPerHost of its host; else in the queue
 *             with it comes the connection to that host that was used last, if one is kept
 *   release   gives the place back, with the connection if it can be used again
 * </pre>
 *
 * <p>Among hosts the queue goes round, within one it is in order. A connection that is kept has no
 * place, but counts as open: the one that has been idle longest gives way to a new one.
 */
final class ConnectionPool {
  private final IOLoop loop;
  private final ClientOptions options;
  private final Map<PoolKey, Host> hosts = new LinkedHashMap<>(); // those with anything in it
  private final LinkedHashSet<PooledConnection> idle = new LinkedHashSet<>(); // longest first
  private final Set<PooledConnection> open = new HashSet<>();
  private int busy; // places that are given away
  private int queued;
  private @Nullable Timeout nextIdleEnd; // while any is idle

  ConnectionPool(IOLoop loop, ClientOptions options) {
    this.loop = loop;
    this.options = options;
  }

  /** What there is of one key. */
  private static final class Host {
    final ArrayDeque<PooledConnection> idle = new ArrayDeque<>(); // the last used first
    final LinkedHashSet<Place> waiting = new LinkedHashSet<>();
    int busy;

    boolean isEmpty() {
      return busy == 0 && idle.isEmpty() && waiting.isEmpty();
    }
  }

  /** The right to be under way, or the wait for it. */
  final class Place {
    private final PoolKey key;
    private final Context context;
    private final Consumer<@Nullable PooledConnection> whenGranted;
    private boolean granted;
    private boolean released;

    private Place(PoolKey key, Consumer<@Nullable PooledConnection> whenGranted) {
      this.key = key;
      this.context = loop.context();
      this.whenGranted = whenGranted;
    }

    boolean granted() {
      return granted;
    }

    /**
     * Gives the place back, or leaves the queue. Does nothing the second time.
     *
     * @param connection to be kept; null if there is none that could be used again
     */
    void release(@Nullable PooledConnection connection) {
      if (!released) {
        released = true;
        ConnectionPool.this.release(this, connection);
      }
    }
  }

  /**
   * Asks for a place. It is granted within this call, or later in a callback of its own.
   *
   * @param whenGranted is called once, unless the place is released before; with a connection that
   *     was kept, or null
   * @throws HTTPClientError if the queue is full
   */
  Place acquire(PoolKey key, Consumer<@Nullable PooledConnection> whenGranted) {
    var host = hosts.computeIfAbsent(key, each -> new Host());
    var place = new Place(key, whenGranted);
    if (hasRoom(host)) {
      grant(place, host);
      whenGranted.accept(take(host));
      return place;
    }
    if (queued >= options.maxQueue()) {
      forgetIfEmpty(key, host);
      throw new HTTPClientError("the request queue is full: " + queued + " requests", null);
    }
    queued++;
    host.waiting.add(place);
    return place;
  }

  private boolean hasRoom(Host host) {
    return busy < options.maxClients() && host.busy < options.maxPerHost();
  }

  private void grant(Place place, Host host) {
    place.granted = true;
    busy++;
    host.busy++;
  }

  /** The last used connection of a host; null if a new one has to be opened, for which is room. */
  private @Nullable PooledConnection take(Host host) {
    var last = host.idle.peekFirst();
    if (last != null) {
      noLongerIdle(last);
      return last;
    }
    if (busy + idle.size() > options.maxClients()) {
      drop(idle.getFirst());
    }
    return null;
  }

  private void release(Place place, @Nullable PooledConnection connection) {
    var host = hosts.get(place.key);
    if (host == null) {
      throw new IllegalStateException("no such host: " + place.key.host());
    }
    if (!place.granted) {
      queued--;
      host.waiting.remove(place);
    } else {
      busy--;
      host.busy--;
    }
    if (connection != null) {
      keep(connection, host);
    }
    forgetIfEmpty(place.key, host);
    grantNext();
  }

  private void grantNext() {
    while (queued > 0 && busy < options.maxClients()) {
      var next = nextWaiting();
      if (next == null) {
        return;
      }
      next.context.execute(() -> go(next));
    }
  }

  /** Of the first host that has room, which then goes to the end. */
  private @Nullable Place nextWaiting() {
    for (var each : hosts.entrySet()) {
      var host = each.getValue();
      if (!host.waiting.isEmpty() && hasRoom(host)) {
        var place = host.waiting.removeFirst();
        queued--;
        grant(place, host);
        hosts.remove(each.getKey());
        hosts.put(each.getKey(), host);
        return place;
      }
    }
    return null;
  }

  private void go(Place place) {
    var host = hosts.get(place.key);
    if (!place.released && host != null) {
      place.whenGranted.accept(take(host));
    }
  }

  private void forgetIfEmpty(PoolKey key, Host host) {
    if (host.isEmpty()) {
      hosts.remove(key);
    }
  }

  // ---- connections

  /** A connection that was opened for a place. */
  void opened(PooledConnection connection) {
    open.add(connection);
  }

  private void keep(PooledConnection connection, Host host) {
    connection.kept = true;
    connection.idle = true;
    connection.idleSince = loop.time();
    host.idle.addFirst(connection);
    idle.add(connection);
    loop.rootContext().run(() -> connection.connection.onIdleClose(() -> drop(connection)));
    if (idle.size() > options.maxIdle()) {
      drop(idle.getFirst());
    }
    watchIdle();
  }

  private void noLongerIdle(PooledConnection connection) {
    connection.idle = false;
    idle.remove(connection);
    var host = hosts.get(connection.key);
    if (host != null) {
      host.idle.remove(connection); // mostly the first
    }
  }

  /** Closes a connection for good, whatever its state. */
  void drop(PooledConnection connection) {
    if (connection.idle) {
      noLongerIdle(connection);
      var host = hosts.get(connection.key);
      if (host != null) {
        forgetIfEmpty(connection.key, host);
      }
    }
    open.remove(connection);
    connection.connection.abort();
  }

  private void watchIdle() {
    if (nextIdleEnd == null && !idle.isEmpty()) {
      long end = idle.getFirst().idleSince + options.idleTimeout().toNanos();
      loop.rootContext().run(() -> nextIdleEnd = loop.callAt(end, this::endIdle));
    }
  }

  private void endIdle() {
    nextIdleEnd = null;
    long since = loop.time() - options.idleTimeout().toNanos();
    while (!idle.isEmpty() && idle.getFirst().idleSince - since <= 0) {
      drop(idle.getFirst());
    }
    watchIdle();
  }

  // ---- the end

  /** Closes what is idle. Places are given back by those who have them. */
  void close() {
    List.copyOf(idle).forEach(this::drop);
    if (nextIdleEnd != null) {
      loop.removeTimeout(nextIdleEnd);
      nextIdleEnd = null;
    }
  }

  /** Closes the sockets, as the loop has gone. */
  void closeChannels() {
    for (var each : open) {
      try {
        each.connection.stream().channel().close();
      } catch (IOException e) {
        Log.GENERAL.log(Level.DEBUG, "closing a socket", e);
      }
    }
    open.clear();
  }

  int idleCount() {
    return idle.size();
  }

  int openCount() {
    return open.size();
  }

  /** Whether nothing is open or waits; a timeout may be left until it finds nothing idle. */
  boolean isEmpty() {
    return hosts.isEmpty() && open.isEmpty() && busy == 0 && queued == 0;
  }
}
