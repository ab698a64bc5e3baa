// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.tcp.SSLOptions;

/**
 * The limits and the ways of an {@link HTTPServer} and of its connections. Tornado: {@code
 * HTTP1ConnectionParameters}.
 *
 * <pre>{@code
 * var options = HTTPServerOptions.builder().maxBodySize(10 << 20).noKeepAlive(true).build();
 * }</pre>
 *
 * @param maxHeaderSize bytes of request line and headers together; a larger head is answered with
 *     414 or 431, larger trailers with 431
 * @param maxBodySize bytes of a request's body, changed for one request by {@link
 *     HTTPConnection#setMaxBodySize}; a larger one is answered with 413
 * @param chunkSize how many bytes {@link HTTPMessageDelegate#dataReceived} gets at most
 * @param headerTimeout from the first byte of a head to its last; then 408
 * @param idleTimeout how long a connection is kept open without a request
 * @param stallTimeout how long a body may not move on, in either direction; then 408, or the
 *     connection is cut where an answer has begun, or where a WebSocket takes nothing
 * @param bodyTimeout how long a whole body may take to arrive, zero for no limit; changed for one
 *     request by {@link HTTPConnection#setBodyTimeout}
 * @param lingerTimeout how long what a peer still sends is thrown away after an answer that did not
 *     wait for it, so that the peer can read the answer
 * @param noKeepAlive whether each connection is closed after its first answer
 * @param ssl for HTTPS; null for plain HTTP
 * @param protocol what requests are said to have come by, {@code http} or {@code https}, where a
 *     proxy in front of a plain server ends TLS; null: what the connection says
 * @param xheaders whether the client's address is taken from X-Real-Ip or X-Forwarded-For, and the
 *     protocol from X-Scheme or X-Forwarded-Proto; only behind a proxy that sets them, as else any
 *     client can
 * @param trustedDownstream addresses of further proxies, which are skipped from the end of
 *     X-Forwarded-For
 * @param decompressRequest whether bodies with the Content-Encoding gzip are inflated. Delegates
 *     then see X-Consumed-Content-Encoding instead of it, and no Content-Length; what is malformed
 *     is answered with 400. Both the compressed and the inflated size count against {@code
 *     maxBodySize}. Other codings are left to the delegate
 * @param proxyProtocol whether each connection begins with a header of HAProxy's PROXY protocol, in
 *     version 1 or 2, in front of TLS too. Its addresses are then those of the connection, to which
 *     {@code xheaders} may add; a connection without a valid one is closed. The header counts
 *     against {@code maxHeaderSize} and {@code headerTimeout}. Only where nobody but the proxy can
 *     connect, as else any client can say who it is
 * @param accessLog is told of each request that is over; null: nobody is
 */
public record HTTPServerOptions(
    int maxHeaderSize,
    long maxBodySize,
    int chunkSize,
    Duration headerTimeout,
    Duration idleTimeout,
    Duration stallTimeout,
    Duration bodyTimeout,
    Duration lingerTimeout,
    boolean noKeepAlive,
    @Nullable SSLOptions ssl,
    @Nullable String protocol,
    boolean xheaders,
    Set<String> trustedDownstream,
    boolean decompressRequest,
    boolean proxyProtocol,
    @Nullable AccessLog accessLog) {
  private static final Duration LONGEST = Duration.ofDays(36_500); // 292 years overflow nanoseconds

  public HTTPServerOptions {
    checkPositive(maxHeaderSize, "maxHeaderSize");
    checkPositive(chunkSize, "chunkSize");
    checkPositive(headerTimeout, "headerTimeout");
    checkPositive(idleTimeout, "idleTimeout");
    checkPositive(stallTimeout, "stallTimeout");
    checkPositive(lingerTimeout, "lingerTimeout");
    if (maxBodySize < 0) {
      throw new IllegalArgumentException("maxBodySize " + maxBodySize + " is negative");
    }
    checkBodyTimeout(bodyTimeout);
    trustedDownstream = Set.copyOf(trustedDownstream);
    if (protocol != null && !protocol.equals("http") && !protocol.equals("https")) {
      throw new IllegalArgumentException("protocol " + protocol + " is neither http nor https");
    }
  }

  /** The defaults. */
  public static HTTPServerOptions defaults() {
    return builder().build();
  }

  /** Begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  private static void checkPositive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " " + value + " is not positive");
    }
  }

  private static void checkPositive(Duration value, String name) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " " + value + " is not positive");
    }
    checkLongest(value, name);
  }

  static void checkBodyTimeout(Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("bodyTimeout " + value + " is negative");
    }
    checkLongest(value, "bodyTimeout");
  }

  private static void checkLongest(Duration value, String name) {
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " " + value + " is longer than " + LONGEST.toDays() + " days");
    }
  }

  /** Changes some of the defaults. */
  public static final class Builder {
    private int maxHeaderSize = 64 * 1024;
    private long maxBodySize = 100L * 1024 * 1024;
    private int chunkSize = 64 * 1024;
    private Duration headerTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(75);
    private Duration stallTimeout = Duration.ofSeconds(60);
    private Duration bodyTimeout = Duration.ZERO;
    private Duration lingerTimeout = Duration.ofSeconds(10);
    private boolean noKeepAlive;
    private @Nullable SSLOptions ssl;
    private @Nullable String protocol;
    private boolean xheaders;
    private Set<String> trustedDownstream = Set.of();
    private boolean decompressRequest;
    private boolean proxyProtocol;
    private @Nullable AccessLog accessLog;

    private Builder() {}

    /** 64 KiB if not set. */
    public Builder maxHeaderSize(int bytes) {
      maxHeaderSize = bytes;
      return this;
    }

    /** 100 MiB if not set. */
    public Builder maxBodySize(long bytes) {
      maxBodySize = bytes;
      return this;
    }

    /** 64 KiB if not set. */
    public Builder chunkSize(int bytes) {
      chunkSize = bytes;
      return this;
    }

    /** 30 s if not set. */
    public Builder headerTimeout(Duration timeout) {
      headerTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 75 s if not set. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 60 s if not set. */
    public Builder stallTimeout(Duration timeout) {
      stallTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** No limit if not set. */
    public Builder bodyTimeout(Duration timeout) {
      bodyTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** 10 s if not set. */
    public Builder lingerTimeout(Duration timeout) {
      lingerTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** False if not set. */
    public Builder noKeepAlive(boolean close) {
      noKeepAlive = close;
      return this;
    }

    /** Serves HTTPS; plain HTTP if not set. */
    public Builder ssl(SSLOptions options) {
      ssl = Objects.requireNonNull(options, "options");
      return this;
    }

    /** What the connection says if not set. */
    public Builder protocol(String name) {
      protocol = Objects.requireNonNull(name, "name");
      return this;
    }

    /** False if not set. */
    public Builder xheaders(boolean trust) {
      xheaders = trust;
      return this;
    }

    /** None if not set. */
    public Builder trustedDownstream(Collection<String> addresses) {
      trustedDownstream = Set.copyOf(addresses);
      return this;
    }

    /** False if not set. */
    public Builder decompressRequest(boolean inflate) {
      decompressRequest = inflate;
      return this;
    }

    /** False if not set. */
    public Builder proxyProtocol(boolean expected) {
      proxyProtocol = expected;
      return this;
    }

    /** Nobody if not set. On several loops it is called on all of them at once. */
    public Builder accessLog(AccessLog log) {
      accessLog = Objects.requireNonNull(log, "log");
      return this;
    }

    /** The options. */
    public HTTPServerOptions build() {
      return new HTTPServerOptions(
          maxHeaderSize,
          maxBodySize,
          chunkSize,
          headerTimeout,
          idleTimeout,
          stallTimeout,
          bodyTimeout,
          lingerTimeout,
          noKeepAlive,
          ssl,
          protocol,
          xheaders,
          trustedDownstream,
          decompressRequest,
          proxyProtocol,
          accessLog);
    }
  }
}
