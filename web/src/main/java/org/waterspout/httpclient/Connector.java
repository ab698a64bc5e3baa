// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTP1ClientConnection;
import org.waterspout.http.HTTP1ClientOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.tcp.ConnectOptions;
import org.waterspout.tcp.Resolver;
import org.waterspout.tcp.TCPClient;

/**
 * Opens one connection: TCP, then the proxy's tunnel, then TLS, as far as they are wanted. Confined
 * to the loop. It has no limit of time: {@link #giveUp} ends it, and then nothing stays open.
 *
 * <p>It runs in the loop's root context: the connection may serve others after the request for
 * which it was opened.
 */
final class Connector {
  private static final int MOST_TRIES = 3; // the first, with a digest, with a digest renewed

  private final IOLoop loop;
  private final PoolKey key;
  private final Resolver resolver;
  private final HTTP1ClientOptions options;
  private final Authentication proxyAuthentication;
  private final @Nullable String userAgent;
  private @Nullable LoopFuture<?> pending; // what is awaited now
  private @Nullable IOStream stream; // while it is ours
  private boolean givenUp;
  private long begun;
  private long resolved;
  private long connected;

  Connector(
      IOLoop loop,
      PoolKey key,
      Resolver resolver,
      HTTP1ClientOptions options,
      @Nullable String userAgent) {
    this.loop = loop;
    this.key = key;
    this.resolver = resolver;
    this.options = options;
    this.userAgent = userAgent;
    var proxy = key.proxy();
    proxyAuthentication = new Authentication(proxy == null ? null : proxy.credentials());
  }

  /**
   * Begins, for the pool: plain requests are handed to a proxy whole. The future is not to be
   * cancelled: {@link #giveUp} is the way.
   */
  LoopFuture<PooledConnection> start() {
    return begin(() -> open(key.proxy() != null && !key.throughProxy(), this::pooled));
  }

  /** Begins, for whoever else: through a proxy there is always a tunnel; see {@link #start}. */
  LoopFuture<IOStream> startStream() {
    return begin(() -> open(key.proxy() != null, ready -> ready));
  }

  private <T> LoopFuture<T> begin(Callable<T> body) {
    var result = new LoopFuture<T>(loop);
    loop.rootContext().run(() -> loop.addFuture(loop.spawn(body), done -> pass(done, result)));
    return result;
  }

  private static <T> void pass(LoopFuture<T> from, LoopFuture<T> to) {
    switch (from.state()) {
      case SUCCESS -> to.complete(from.resultNow());
      case CANCELLED -> to.completeExceptionally(new CancellationException("given up"));
      case FAILED, RUNNING -> to.completeExceptionally(from.exceptionNow());
    }
  }

  /** Ends it, whatever it is doing. Does nothing to a connection that was handed over. */
  void giveUp() {
    givenUp = true;
    if (pending != null) {
      pending.cancel(true);
    }
    if (stream != null) {
      stream.close();
    }
  }

  private <T> T open(boolean tunnelled, Function<IOStream, T> use) {
    try {
      begun = loop.time();
      var plain = tunnelled ? tunnel() : connect();
      connected = loop.time();
      var made = use.apply(secure(plain));
      stream = null; // from here on it belongs to what was made of it
      return made;
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private PooledConnection pooled(IOStream ready) {
    var opening =
        new PooledConnection.Opening(
            resolved - begun,
            connected - resolved,
            key.ssl() == null ? 0 : loop.time() - connected);
    return new PooledConnection(key, new HTTP1ClientConnection(ready, options), opening);
  }

  private IOStream connect() {
    var client = new TCPClient(this::resolve);
    var how =
        ConnectOptions.defaults()
            .withSource(key.source(), 0)
            .withFamily(key.allowIPv6() ? null : StandardProtocolFamily.INET);
    resolved = loop.time(); // unless there is something to look up
    if (key.unixSocket() != null) {
      return own(await(client.connect(key.unixSocket(), how)));
    }
    var proxy = key.proxy();
    return own(
        await(
            proxy == null
                ? client.connect(key.host(), key.port(), how)
                : client.connect(proxy.host(), proxy.port(), how)));
  }

  private LoopFuture<List<InetSocketAddress>> resolve(
      String host, int port, @Nullable StandardProtocolFamily family) {
    var addresses = resolver.resolve(host, port, family);
    loop.addFuture(addresses, done -> resolved = loop.time());
    return addresses;
  }

  /**
   * A proxy that wants to know who asks may close the connection with that: each try has its own.
   */
  private IOStream tunnel() {
    for (int tries = 1; ; tries++) {
      var tunnel = new ProxyTunnel(connect(), options, loop);
      var _ = await(tunnel.ask(authority(), userAgent, proxyAuthentication));
      var through = tunnel.stream();
      if (through != null) {
        return own(through);
      }
      if (tries == MOST_TRIES || !proxyAuthentication.answers(tunnel.challenges())) {
        throw new HTTPClientError("the proxy refuses a tunnel: " + tunnel.status(), null);
      }
    }
  }

  private String authority() {
    return (key.host().indexOf(':') < 0 ? key.host() : "[" + key.host() + "]") + ":" + key.port();
  }

  private IOStream secure(IOStream plain) {
    var ssl = key.ssl();
    if (ssl == null) {
      return plain;
    }
    var secure = plain.beginTLS(false, ssl, key.host());
    return own(await(own(secure).waitForHandshake()));
  }

  /** The stream that is to be closed if this ends early. */
  private <S extends IOStream> S own(S next) {
    stream = next;
    if (givenUp) {
      next.close();
      throw new CancellationException("given up");
    }
    return next;
  }

  private <T> T await(LoopFuture<T> future) {
    if (givenUp) {
      future.cancel(true);
    }
    pending = future;
    try {
      return Gen.await(future);
    } finally {
      pending = null;
    }
  }
}
