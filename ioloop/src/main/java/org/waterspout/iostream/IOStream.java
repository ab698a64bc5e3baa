// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.tcp.SSLOptions;

/**
 * A stream over a TCP or Unix domain socket. Tornado: {@code IOStream}.
 *
 * <pre>{@code
 * var stream = new IOStream(SocketChannel.open());
 * await(stream.connect(new InetSocketAddress("example.com", 80)));
 * await(stream.write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII)));
 * byte[] head = await(stream.readUntil("\r\n\r\n".getBytes(US_ASCII), 65536));
 * }</pre>
 */
public sealed class IOStream extends BaseIOStream permits SSLIOStream {
  private final SocketChannel channel;
  private boolean connected;
  private @Nullable LoopFuture<IOStream> connecting; // while there is no connection yet

  /**
   * A stream of the current loop over a channel, which it owns from now on. The channel is
   * connected already, or {@link #connect} comes next.
   */
  public IOStream(SocketChannel channel) throws IOException {
    this(channel, StreamLimits.DEFAULT);
  }

  /** A stream with limits of its own; see {@link #IOStream(SocketChannel)}. */
  public IOStream(SocketChannel channel, StreamLimits limits) throws IOException {
    this(channel, limits, new PlainTransport(channel, channel));
  }

  IOStream(SocketChannel channel, StreamLimits limits, Transport transport) throws IOException {
    super(transport, limits, stream -> new ChannelReadiness(stream, channel, channel));
    this.channel = channel;
    channel.configureBlocking(false);
    if (hasNoDelay()) {
      setNoDelay(true);
    }
    connected = channel.isConnected();
    if (!connected) {
      output.hold();
    }
  }

  /** The channel, for its addresses and options; reading, writing and closing are the stream's. */
  public final SocketChannel channel() {
    return channel;
  }

  /**
   * Whether small writes leave at once (they do, unless this is called) or may wait for more. Does
   * nothing for a Unix domain socket.
   */
  public final void setNoDelay(boolean on) throws IOException {
    if (hasNoDelay()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, on);
    }
  }

  private boolean hasNoDelay() {
    return channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
  }

  /** Whether bytes have arrived that nobody has taken. There may be more on their way. */
  public final boolean inputWaits() {
    return !input.rest().isEmpty();
  }

  // ---- connecting

  /**
   * Connects the channel. Reads and writes may be begun before it is; they wait.
   *
   * @param address resolved; {@link org.waterspout.tcp.TCPClient} connects to names
   * @return done with this stream once the connection is there, and is secured if it is an {@link
   *     SSLIOStream}; fails with {@link StreamClosedException}, whose cause says why there is none
   * @throws IllegalStateException if the channel is connected, or connect was called already
   */
  public LoopFuture<IOStream> connect(SocketAddress address) {
    loop().checkOnLoop("IOStream.connect");
    Objects.requireNonNull(address, "address");
    if (connecting != null || connected) {
      throw new IllegalStateException("the stream is connected, or about to be");
    }
    var result = new LoopFuture<IOStream>(loop());
    connecting = result;
    if (closed()) {
      result.completeExceptionally(new StreamClosedException(error()));
      return result;
    }
    try {
      if (channel.connect(address)) {
        whenConnected();
      }
    } catch (IOException | RuntimeException e) { // unresolved addresses, among others
      close(e);
    }
    updateInterest();
    return result;
  }

  @Override
  int interest() {
    if (connected) {
      return super.interest();
    }
    return channel.isConnectionPending() ? SelectionKey.OP_CONNECT : 0;
  }

  @Override
  final void connected() throws IOException {
    if (channel.finishConnect()) {
      whenConnected();
    }
  }

  private void whenConnected() throws IOException {
    connected = true;
    begin();
    output.release();
  }

  /** The connection is there: what was waiting can go on. */
  void begin() throws IOException {
    connectionReady();
  }

  final void connectionReady() {
    if (connecting != null) {
      connecting.completeLater(this);
      connecting = null;
    }
  }

  @Override
  void whenClosed(@Nullable Throwable reason) {
    if (connecting != null) {
      connecting.failLater(new StreamClosedException(reason));
      connecting = null;
    }
  }

  // ---- securing

  /**
   * Goes on with TLS on the same connection, for protocols that begin in the clear (STARTTLS). This
   * stream is closed without its connection, which the new stream owns. Bytes that have arrived and
   * were not read are taken for the beginning of TLS.
   *
   * @param serverSide the role in the handshake
   * @param serverHostname a client's: the name that the certificate has to be for, sent to the
   *     server; null if the options do not verify
   * @return the new stream, after the handshake
   * @throws IllegalStateException if a read or write is under way, or the stream is not connected
   *     or is secure already
   */
  public final LoopFuture<SSLIOStream> startTLS(
      boolean serverSide, SSLOptions options, @Nullable String serverHostname) {
    loop().checkOnLoop("IOStream.startTLS");
    try {
      return beginTLS(serverSide, options, serverHostname).waitForHandshake();
    } catch (StreamClosedException e) {
      return LoopFuture.failed(loop(), e);
    }
  }

  /**
   * As {@link #startTLS}, for those who do not wait for the handshake, such as who limits its time.
   * What is read and written before it is done waits; {@link SSLIOStream#waitForHandshake} tells.
   *
   * @return the new stream, whose handshake is under way
   * @throws StreamClosedException if this stream is closed, or what has arrived on it cannot be the
   *     beginning of TLS
   * @throws IllegalStateException as {@link #startTLS}
   */
  public SSLIOStream beginTLS(
      boolean serverSide, SSLOptions options, @Nullable String serverHostname) {
    loop().checkOnLoop("IOStream.beginTLS");
    if (!takesOutput()) {
      throw new StreamClosedException(error());
    }
    if (input.busy() || writing() || output.lent() || !connected) {
      throw new IllegalStateException("TLS starts on a connected stream that is idle");
    }
    try {
      return SSLIOStream.over(this, serverSide, options, serverHostname);
    } catch (IOException e) {
      close(e);
      throw new StreamClosedException(e);
    }
  }

  /** Whether bytes can pass. */
  @Override
  boolean ready() {
    return connected;
  }

  // ---- lending the write side

  /**
   * Lends the write side to one other thread, until it {@link StreamLoan#giveBack gives it back}.
   * Meanwhile the loop writes nothing: what is written to the stream waits, and a close waits too.
   *
   * @return null if output is queued, the stream is secure, closed, or lent already
   */
  public @Nullable StreamLoan lendWriteSide() {
    loop().checkOnLoop("IOStream.lendWriteSide");
    if (!takesOutput() || output.lent() || writing()) {
      return null;
    }
    var loan = new StreamLoan(this, channel);
    output.lendTo(loan);
    return loan;
  }

  /** The borrower waits until the channel takes more. On the loop. */
  final void waitForRoomOf(StreamLoan borrower) {
    output.waitForRoomOf(borrower);
  }

  /** The borrower is done. On the loop. */
  final void takeBack(StreamLoan borrower, @Nullable IOException failure) {
    if (!output.isLentTo(borrower)) {
      return;
    }
    output.takeBack();
    if (closed()) {
      closeTransport();
    } else if (failure != null) {
      close(failure);
    } else {
      progress(SelectionKey.OP_WRITE);
    }
  }
}
