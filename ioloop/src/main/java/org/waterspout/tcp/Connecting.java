// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.SSLIOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/**
 * One call of {@link TCPClient#connect}. Confined to the loop.
 *
 * <pre>
 *   addresses are looked up
 *   those of the first family are tried, one after the other
 *     and those of the other, once one has failed or the head start is over
 *   the first connection wins; TLS, if it is wanted, is its own last step
 * </pre>
 *
 * <p>At any point the timeout or a cancellation may end it. Whatever ends it, {@link #end} closes
 * what is still open.
 */
final class Connecting {
  private static final Duration HEAD_START = Duration.ofMillis(300); // RFC 8305 5

  private final IOLoop loop;
  private final String target; // for messages
  private final @Nullable String host; // null: a Unix domain socket
  private final ConnectOptions options;
  private final LoopFuture<IOStream> result;
  private final ArrayDeque<SocketAddress> first = new ArrayDeque<>();
  private final ArrayDeque<SocketAddress> others = new ArrayDeque<>();
  private final Set<SocketChannel> attempts = new HashSet<>();

  private @Nullable Timeout deadline; // null without a timeout
  private @Nullable Timeout headStart; // null before and after
  private @Nullable IOStream winner; // null until there is a connection
  private @Nullable Throwable lastError;

  Connecting(IOLoop loop, String target, @Nullable String host, ConnectOptions options) {
    this.loop = loop;
    this.target = target;
    this.host = host;
    this.options = options;
    this.result = new LoopFuture<>(loop);
  }

  LoopFuture<IOStream> start(LoopFuture<? extends List<? extends SocketAddress>> addresses) {
    var limit = options.timeout();
    if (limit != null) {
      deadline =
          loop.callLater(
              limit,
              () -> fail(new TimeoutException("no connection to " + target + " within " + limit)));
    }
    var _ = LoopFuture.of(loop, addresses).whenComplete(this::lookedUp); // it may be another loop's
    var _ =
        result.whenComplete(
            (stream, failure) -> {
              addresses.cancel(true);
              end(failure);
            });
    return result;
  }

  private void lookedUp(
      @Nullable List<? extends SocketAddress> addresses, @Nullable Throwable failure) {
    if (result.isDone()) {
      return;
    }
    if (failure != null) {
      fail(unwrap(failure));
      return;
    }
    try {
      resolved(addresses == null ? List.of() : addresses);
    } catch (Throwable e) { // the resolver may be anybody's, and nobody else looks at this
      fail(new StreamClosedException(e));
      IOLoop.rethrowIfFatal(e);
    }
  }

  private void resolved(List<? extends SocketAddress> addresses) {
    for (var address : addresses) {
      if (!fitsTheSource(address)) {
        lastError = new StreamClosedException(sourceFitsNone(addresses)); // unless one does
        continue;
      }
      var queue = first.isEmpty() || familyOf(address) == familyOf(first.peek()) ? first : others;
      queue.add(address);
    }
    if (!others.isEmpty()) {
      headStart = loop.callLater(HEAD_START, this::endHeadStart);
    }
    tryNext(first);
  }

  private boolean fitsTheSource(SocketAddress address) {
    var source = options.sourceAddress();
    return source == null
        || !(address instanceof InetSocketAddress)
        || familyOf(address) == SystemResolver.familyOf(source);
  }

  private ConnectException sourceFitsNone(List<? extends SocketAddress> addresses) {
    var source = options.sourceAddress();
    return new ConnectException(
        "cannot connect to "
            + target
            + ": the source address "
            + (source == null ? "" : source.getHostAddress())
            + " is of another family than "
            + addresses);
  }

  /** From now on the others are tried too. */
  private void endHeadStart() {
    if (headStart != null) {
      loop.removeTimeout(headStart);
      headStart = null;
      tryNext(others);
    }
  }

  private void tryNext(ArrayDeque<SocketAddress> queue) {
    if (winner != null || result.isDone()) {
      return;
    }
    var address = queue.poll();
    if (address == null) {
      if (attempts.isEmpty() && first.isEmpty() && others.isEmpty()) {
        fail(
            lastError != null
                ? lastError
                : new StreamClosedException(new ConnectException("no address of " + target)));
      }
      return;
    }
    try {
      connect(queue, address);
    } catch (IOException | RuntimeException e) {
      loop.addCallback(() -> attemptFailed(queue, address, e)); // not from within another attempt
    }
  }

  private void connect(ArrayDeque<SocketAddress> queue, SocketAddress address) throws IOException {
    var channel = SocketChannel.open(familyOf(address));
    attempts.add(channel);
    try {
      channel.configureBlocking(false);
      if (address instanceof InetSocketAddress inet) {
        bindSource(channel, inet.getAddress());
      }
      if (channel.connect(address)) {
        attemptSucceeded(channel);
      } else {
        loop.addHandler(
            channel, SelectionKey.OP_CONNECT, (ready, ops) -> finish(channel, queue, address));
      }
    } catch (IOException | RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private void finish(
      SocketChannel channel, ArrayDeque<SocketAddress> queue, SocketAddress address) {
    try {
      if (channel.finishConnect()) {
        loop.removeHandler(channel);
        attemptSucceeded(channel);
      }
    } catch (IOException | RuntimeException e) {
      close(channel);
      attemptFailed(queue, address, e);
    }
  }

  private void bindSource(SocketChannel channel, InetAddress destination) throws IOException {
    var source = options.sourceAddress();
    int port = options.sourcePort();
    if (source == null && port == 0) {
      return;
    }
    if (source == null) {
      var four = SystemResolver.familyOf(destination) == StandardProtocolFamily.INET;
      source = InetAddress.ofLiteral(four ? "127.0.0.1" : "::1");
    }
    if (port != 0) { // a port that was used a minute ago is free
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }
    channel.bind(new InetSocketAddress(source, port));
  }

  private void attemptFailed(
      ArrayDeque<SocketAddress> queue, SocketAddress address, Exception reason) {
    var named = new ConnectException("cannot connect to " + address + ": " + reason.getMessage());
    named.initCause(reason);
    lastError = new StreamClosedException(named);
    tryNext(queue);
    endHeadStart(); // after a failure there is nothing to wait for
  }

  private void attemptSucceeded(SocketChannel channel) {
    attempts.remove(channel);
    endAttempts();
    try {
      take(channel);
    } catch (IOException | RuntimeException e) { // a host name that TLS does not take
      close(channel);
      fail(new StreamClosedException(e));
    }
  }

  private void take(SocketChannel channel) throws IOException {
    var ssl = options.ssl();
    if (ssl == null) {
      winner = new IOStream(channel, options.limits());
      succeed(winner);
      return;
    }
    var secure = new SSLIOStream(channel, false, ssl, host, options.limits());
    winner = secure;
    var _ =
        secure
            .waitForHandshake()
            .whenComplete(
                (stream, failure) -> {
                  if (failure == null) {
                    succeed(secure);
                  } else {
                    fail(failure);
                  }
                });
  }

  private void succeed(IOStream stream) {
    if (!result.complete(stream)) {
      stream.close(); // given up just now
    }
  }

  private void fail(Throwable reason) {
    result.completeExceptionally(reason);
  }

  /** The result is there, or was cancelled. */
  private void end(@Nullable Throwable failure) {
    if (deadline != null) {
      loop.removeTimeout(deadline);
    }
    endAttempts();
    if (failure != null && winner != null) {
      winner.close();
    }
  }

  private void endAttempts() {
    if (headStart != null) {
      loop.removeTimeout(headStart);
      headStart = null;
    }
    first.clear();
    others.clear();
    List.copyOf(attempts).forEach(this::close);
  }

  private void close(SocketChannel channel) {
    attempts.remove(channel);
    loop.removeHandler(channel);
    try {
      channel.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "closing a socket", e);
    }
  }

  private static StandardProtocolFamily familyOf(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? SystemResolver.familyOf(inet.getAddress())
        : StandardProtocolFamily.UNIX;
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
