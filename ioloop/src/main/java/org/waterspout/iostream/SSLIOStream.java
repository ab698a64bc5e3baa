// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;
import org.waterspout.tcp.SSLOptions;

/**
 * A stream secured by TLS. Tornado: {@code SSLIOStream}.
 *
 * <p>The handshake begins by itself as soon as there is a connection. Reads and writes may be begun
 * before it is done; they wait. A connection that ends without TLS's own end is an error: what was
 * read could be cut. Under TLS 1.2 the peer's end is one of both directions: what was read is kept,
 * but nothing more can be written. A certificate that does not hold, a peer that does not speak TLS
 * and the like close the stream, with an {@link SSLException} as its {@link #error} and one line in
 * the log; a peer that goes away during the handshake does so without the line.
 */
public final class SSLIOStream extends IOStream {
  private final TLSTransport tls;
  private final List<LoopFuture<SSLIOStream>> waiting = new ArrayList<>(); // for the handshake

  /**
   * A stream of the current loop over a channel, which it owns from now on. The channel is
   * connected already, or {@link #connect} comes next.
   *
   * @param serverSide the role in the handshake
   * @param serverHostname a client's: the name that the certificate has to be for, sent to the
   *     server; null if the options do not verify
   */
  public SSLIOStream(
      SocketChannel channel,
      boolean serverSide,
      SSLOptions options,
      @Nullable String serverHostname)
      throws IOException {
    this(channel, serverSide, options, serverHostname, StreamLimits.DEFAULT);
  }

  /** A stream with limits of its own. */
  public SSLIOStream(
      SocketChannel channel,
      boolean serverSide,
      SSLOptions options,
      @Nullable String serverHostname,
      StreamLimits limits)
      throws IOException {
    this(channel, limits, new TLSTransport(channel, options.newEngine(serverSide, serverHostname)));
    if (channel.isConnected()) {
      loop().addCallback(this::beginOnConnection);
    }
  }

  private SSLIOStream(SocketChannel channel, StreamLimits limits, TLSTransport tls)
      throws IOException {
    super(channel, limits, tls);
    this.tls = tls;
    tls.attachTo(this);
  }

  /** Takes over the connection of a plain stream. */
  static SSLIOStream over(
      IOStream plain, boolean serverSide, SSLOptions options, @Nullable String serverHostname)
      throws IOException {
    var secure =
        new SSLIOStream(plain.channel(), serverSide, options, serverHostname, plain.limits());
    secure.tls.prepend(plain.input.rest());
    plain.giveUpConnectionFor(secure);
    return secure;
  }

  /**
   * Waits for the handshake. Each call gives a future of its own: cancelling one changes nothing
   * for the others, nor for the handshake.
   *
   * @return done with this stream when the handshake is, also if the peer ended TLS right behind
   *     it; fails with {@link StreamClosedException} if the stream was closed before
   */
  public LoopFuture<SSLIOStream> waitForHandshake() {
    loop().checkOnLoop("SSLIOStream.waitForHandshake");
    if (tls.isSecure()) {
      return LoopFuture.completed(loop(), this);
    }
    if (closed()) {
      return LoopFuture.failed(loop(), new StreamClosedException(error()));
    }
    var result = new LoopFuture<SSLIOStream>(loop());
    waiting.removeIf(LoopFuture::isDone); // who has given up
    waiting.add(result);
    return result;
  }

  /** What was agreed on: protocol, cipher suite, the peer's certificates. After the handshake. */
  public SSLSession session() {
    return tls.engine().getSession();
  }

  /** The protocol that was agreed on by ALPN; empty if none was. After the handshake. */
  public String applicationProtocol() {
    var protocol = tls.engine().getApplicationProtocol();
    return protocol == null ? "" : protocol;
  }

  /** Throws: it is secure already. */
  @Override
  public SSLIOStream beginTLS(
      boolean serverSide, SSLOptions options, @Nullable String serverHostname) {
    throw new IllegalStateException("the stream is secure already");
  }

  /** Null: another thread cannot write to it. */
  @Override
  public @Nullable StreamLoan lendWriteSide() {
    return null;
  }

  @Override
  boolean ready() {
    return tls.isSecure();
  }

  private void beginOnConnection() {
    if (closed()) {
      return;
    }
    try {
      begin();
    } catch (IOException e) {
      close(e);
    }
  }

  @Override
  void begin() throws IOException {
    tls.begin();
    progress(SelectionKey.OP_READ);
  }

  /** The handshake is done. */
  void secured() {
    if (!closed()) {
      tellSecured();
      progress(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  private void tellSecured() {
    connectionReady();
    waiting.forEach(each -> each.completeLater(this));
    waiting.clear();
  }

  @Override
  void whenClosed(@Nullable Throwable reason) {
    if (tls.isSecure()) { // though that may not have been told yet
      tellSecured();
      return;
    }
    super.whenClosed(reason);
    waiting.forEach(each -> each.failLater(new StreamClosedException(reason)));
    waiting.clear();
    if (reason instanceof SSLException) {
      Log.GENERAL.log(Level.WARNING, "TLS handshake failed: {0}", printable(reason));
    }
  }

  /** The peer has its part in such messages. */
  private static String printable(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}", "?");
  }
}
