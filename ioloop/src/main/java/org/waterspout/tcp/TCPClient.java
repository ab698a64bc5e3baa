// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;

/**
 * Connects to servers. On the loop only; it holds nothing open itself. Tornado: {@code TCPClient}.
 *
 * <pre>{@code
 * var stream = await(new TCPClient().connect("example.com", 7));
 * await(stream.write(bytes));
 * var line = await(stream.readUntil(newline));
 * }</pre>
 *
 * <p>Where a host has addresses of both families, those of the first family are tried in their
 * order; as soon as one fails, or after 0.3 seconds, the others are tried at the same time. The
 * first connection is taken and the other attempts are closed (RFC 8305, in its simplest form).
 *
 * <p>The future fails with
 *
 * <ul>
 *   <li>{@link java.net.UnknownHostException} if the host has no address, or whatever else the
 *       resolver fails with,
 *   <li>{@link org.waterspout.iostream.StreamClosedException} if no address can be connected to or
 *       the TLS handshake fails; its cause is the last error,
 *   <li>{@link java.util.concurrent.TimeoutException} if the options have a timeout.
 * </ul>
 *
 * <p>Cancelling it gives up; then, too, nothing stays open.
 */
public final class TCPClient {
  private final Resolver resolver;

  /** A client that asks the system for addresses. */
  public TCPClient() {
    this(Resolver.system());
  }

  /** A client that asks a resolver. */
  public TCPClient(Resolver resolver) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
  }

  /** {@link #connect(String, int, ConnectOptions)} with the usual options. */
  public LoopFuture<IOStream> connect(String host, int port) {
    return connect(host, port, ConnectOptions.defaults());
  }

  /**
   * Connects to a host by name or address. With SSL options, the stream is an {@link
   * org.waterspout.iostream.SSLIOStream} after its handshake, with this host's certificate.
   */
  public LoopFuture<IOStream> connect(String host, int port, ConnectOptions options) {
    var loop = IOLoop.current();
    loop.checkOnLoop("TCPClient.connect");
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    var attempt = new Connecting(loop, host + ":" + port, host, options);
    return attempt.start(addresses(loop, host, port, options));
  }

  /** The resolver may be anybody's: whatever it does, the caller gets a future. */
  @SuppressWarnings("ConstantValue") // a resolver whose author does not check for nulls
  private LoopFuture<List<InetSocketAddress>> addresses(
      IOLoop loop, String host, int port, ConnectOptions options) {
    try {
      var found = resolver.resolve(host, port, options.family());
      if (found != null) {
        return found;
      }
      return LoopFuture.failed(
          loop,
          new IllegalStateException("the resolver " + resolver + " gave no future for " + host));
    } catch (Throwable e) {
      IOLoop.rethrowIfFatal(e);
      return LoopFuture.failed(loop, e);
    }
  }

  /** {@link #connect(Path, ConnectOptions)} with the usual options. */
  public LoopFuture<IOStream> connect(Path file) {
    return connect(file, ConnectOptions.defaults());
  }

  /** Connects to a Unix domain socket. Family and source of the options do not matter. */
  public LoopFuture<IOStream> connect(Path file, ConnectOptions options) {
    var loop = IOLoop.current();
    loop.checkOnLoop("TCPClient.connect");
    var attempt = new Connecting(loop, file.toString(), null, options);
    return attempt.start(LoopFuture.completed(loop, List.of(UnixDomainSocketAddress.of(file))));
  }
}
