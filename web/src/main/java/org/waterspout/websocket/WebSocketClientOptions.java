// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.httpclient.HTTPProxy;
import org.waterspout.tcp.Resolver;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.text.Token;

/**
 * How {@link WebSocketClientConnection} connects, and what it does with what comes. Tornado: the
 * arguments of {@code websocket_connect}.
 *
 * <pre>{@code
 * var options = WebSocketClientOptions.builder()
 *     .header("Authorization", "Bearer " + token)
 *     .subprotocols("chat.v2", "chat.v1")
 *     .pingInterval(Duration.ofSeconds(30))
 *     .build();
 * }</pre>
 *
 * <p>Immutable; may be used for any number of connections.
 */
public final class WebSocketClientOptions {
  final HTTPHeaders headers; // never changed
  final List<String> subprotocols;
  final @Nullable CompressionOptions compression; // null: none is offered
  final Duration connectTimeout;
  final ConnectionOptions limits;
  final SSLOptions ssl;
  final Resolver resolver;
  final @Nullable HTTPProxy proxy; // null: none
  final @Nullable Path unixSocket; // null: TCP
  final @Nullable InetAddress networkInterface; // null: any
  final boolean allowIPv6;
  final @Nullable Consumer<WebSocketMessage> onMessage; // null: messages are read
  final Consumer<byte[]> onPing;
  final Consumer<byte[]> onPong;
  final Runnable onClose;

  private WebSocketClientOptions(Builder builder) {
    headers = builder.headers.copy();
    subprotocols = builder.subprotocols;
    compression = builder.compression;
    connectTimeout = builder.connectTimeout;
    limits =
        new ConnectionOptions(
            builder.maxMessageSize,
            builder.maxQueueSize,
            builder.pingInterval,
            builder.pingTimeout == null ? builder.pingInterval : builder.pingTimeout);
    ssl = builder.ssl == null ? SSLOptions.defaults() : builder.ssl;
    resolver = builder.resolver == null ? Resolver.system() : builder.resolver;
    proxy = builder.proxy;
    unixSocket = builder.unixSocket;
    networkInterface = builder.networkInterface;
    allowIPv6 = builder.allowIPv6;
    if (proxy != null && unixSocket != null) {
      throw new IllegalArgumentException("both a proxy and a Unix domain socket");
    }
    onMessage = builder.onMessage;
    onPing = builder.onPing;
    onPong = builder.onPong;
    onClose = builder.onClose;
  }

  /** The defaults. */
  public static WebSocketClientOptions defaults() {
    return builder().build();
  }

  /** Begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Changes some of the defaults. */
  public static final class Builder {
    private final HTTPHeaders headers = new HTTPHeaders();
    private List<String> subprotocols = List.of();
    private @Nullable CompressionOptions compression;
    private Duration connectTimeout = Duration.ofSeconds(20);
    private Duration pingInterval = Duration.ZERO;
    private @Nullable Duration pingTimeout; // null: as the interval
    private int maxMessageSize = 10 * 1024 * 1024;
    private long maxQueueSize = 16 * 1024 * 1024;
    private @Nullable SSLOptions ssl;
    private @Nullable Resolver resolver;
    private @Nullable HTTPProxy proxy;
    private @Nullable Path unixSocket;
    private @Nullable InetAddress networkInterface;
    private boolean allowIPv6 = true;
    private @Nullable Consumer<WebSocketMessage> onMessage;
    private Consumer<byte[]> onPing = data -> {};
    private Consumer<byte[]> onPong = data -> {};
    private Runnable onClose = () -> {};

    private Builder() {}

    /**
     * Adds a header to the request.
     *
     * @throws IllegalArgumentException if name or value cannot stand in a request, or the header is
     *     one of the handshake's own
     */
    public Builder header(String name, String value) {
      var added = new HTTPHeaders();
      added.add(name, value);
      ClientHandshake.checkHeaders(added);
      headers.add(name, value);
      return this;
    }

    /**
     * The subprotocols that are offered, the preferred one first. None if not set.
     *
     * @throws IllegalArgumentException if one is not a token, or there twice
     */
    public Builder subprotocols(String... names) {
      var seen = new HashSet<String>();
      for (String name : names) {
        if (!Token.isToken(name) || !seen.add(name)) {
          throw new IllegalArgumentException("not a subprotocol, or there twice: " + name);
        }
      }
      subprotocols = List.of(names);
      return this;
    }

    /** Offers to compress messages. Not offered if not set. */
    public Builder compression(CompressionOptions options) {
      compression = Objects.requireNonNull(options, "options");
      return this;
    }

    /** For all of it: looking up, connecting, tunnel, TLS, the server's answer. 20 s if not set. */
    public Builder connectTimeout(Duration timeout) {
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("the timeout must be positive: " + timeout);
      }
      connectTimeout = timeout;
      return this;
    }

    /** How often the server is pinged. Zero, the default, is never. */
    public Builder pingInterval(Duration interval) {
      pingInterval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /**
     * How long the server has for its pong before the connection is closed, at most as long as the
     * interval; zero for ever. As the interval if not set.
     */
    public Builder pingTimeout(Duration timeout) {
      pingTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** How many bytes a message from the server may have, after inflating. 10 MiB if not set. */
    public Builder maxMessageSize(int bytes) {
      maxMessageSize = bytes;
      return this;
    }

    /**
     * How many bytes may wait for the server to take them: if more do when yet another message is
     * written, the connection is cut. 16 MiB if not set.
     */
    public Builder maxQueueSize(long bytes) {
      maxQueueSize = bytes;
      return this;
    }

    /** For wss. What the JVM trusts if not set. */
    public Builder ssl(SSLOptions options) {
      ssl = Objects.requireNonNull(options, "options");
      return this;
    }

    /** Finds addresses. The system's if not set. */
    public Builder resolver(Resolver finder) {
      resolver = Objects.requireNonNull(finder, "finder");
      return this;
    }

    /**
     * A proxy, which is asked for a tunnel to the server (CONNECT), for ws as for wss: not all let
     * other ports than 443 through. Its credentials go to nobody else. None if not set: neither the
     * environment nor the system is asked.
     */
    public Builder proxy(HTTPProxy through) {
      proxy = Objects.requireNonNull(through, "through");
      return this;
    }

    /**
     * A Unix domain socket on which the server listens. The URL's host stands in the request all
     * the same, and for wss in the certificate. TCP if not set.
     */
    public Builder unixSocket(Path file) {
      unixSocket = Objects.requireNonNull(file, "file");
      return this;
    }

    /** This machine's address from which to connect. Any if not set. */
    public Builder networkInterface(InetAddress address) {
      networkInterface = Objects.requireNonNull(address, "address");
      return this;
    }

    /** Whether IPv6 may be used. True if not set. */
    public Builder allowIPv6(boolean allow) {
      allowIPv6 = allow;
      return this;
    }

    /**
     * Gets each message, instead of {@link WebSocketClientConnection#readMessage}. It may await;
     * the server is held back meanwhile. What it throws is logged and closes the connection with
     * code 1011.
     */
    public Builder onMessage(Consumer<WebSocketMessage> callback) {
      onMessage = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /** Gets the data of each ping, which has been answered already. */
    public Builder onPing(Consumer<byte[]> callback) {
      onPing = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /** Gets the data of each pong. */
    public Builder onPong(Consumer<byte[]> callback) {
      onPong = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /** Called once when the connection is gone, maybe while another callback awaits. */
    public Builder onClose(Runnable callback) {
      onClose = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a limit or interval makes no sense, or there are both a
     *     proxy and a Unix domain socket
     */
    public WebSocketClientOptions build() {
      return new WebSocketClientOptions(this);
    }
  }
}
