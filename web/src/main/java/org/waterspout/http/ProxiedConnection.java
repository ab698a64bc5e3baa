// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.iostream.StreamReader;
import org.waterspout.log.Log;
import org.waterspout.tcp.SSLOptions;

/**
 * A connection that begins with the header of a proxy, see {@link ProxyHeaderParser}.
 *
 * <pre>
 *   waiting    for the whole header, within the time of a head
 *   served     TLS has begun, if the server speaks it, and an {@link HTTP1ServerConnection} has the
 *              stream and the addresses from the header
 *   closed     the header was refused, or did not come in time: nothing is answered
 * </pre>
 *
 * <p>Confined to the loop.
 */
final class ProxiedConnection implements StreamReader, OpenConnection {
  private final IOStream stream;
  private final ConnectionContext proxy;
  private final HTTPServerConnectionDelegate delegate;
  private final HTTPServerOptions options;
  private final ServerConnections siblings;
  private final ProxyHeaderParser header;
  private final Deadline deadline = new Deadline();
  private @Nullable ConnectionContext client; // null until the header is whole
  private @Nullable HTTPInputException refusal; // found in the header
  private @Nullable HTTP1ServerConnection served; // null until it is

  /** The context is that of the connection to the proxy. */
  ProxiedConnection(
      IOStream stream,
      ConnectionContext proxy,
      HTTPServerConnectionDelegate delegate,
      HTTPServerOptions options,
      ServerConnections siblings) {
    this.stream = stream;
    this.proxy = proxy;
    this.delegate = delegate;
    this.options = options;
    this.siblings = siblings;
    this.header = new ProxyHeaderParser(options.maxHeaderSize(), proxy);
  }

  /** Begins to wait. */
  void start() {
    siblings.add(this);
    deadline.set(siblings.loop().time(), options.headerTimeout());
    stream.startReading(this);
  }

  @Override
  public boolean received(ByteBuffer in) {
    try {
      client = header.parse(in);
      return client != null;
    } catch (HTTPInputException e) {
      refusal = e;
      in.position(in.limit());
      return true;
    }
  }

  @Override
  public void proceed() {
    if (stream.closed()) {
      return;
    }
    if (refusal != null) {
      close(String.valueOf(refusal.getMessage()));
    } else if (client != null) {
      serve(client);
    }
  }

  private void serve(ConnectionContext from) {
    SSLOptions ssl = options.ssl();
    IOStream open;
    try {
      open = ssl == null ? stream : stream.beginTLS(true, ssl, null);
    } catch (StreamClosedException e) {
      return;
    }
    served = new HTTP1ServerConnection(open, from, delegate, options, siblings);
    served.start();
    siblings.remove(this);
  }

  private void close(String reason) {
    Log.GENERAL.log(Level.INFO, "{0} closed: {1}", proxy.remoteIP(), reason);
    stream.close();
  }

  @Override
  public void closed() {
    siblings.remove(this);
  }

  @Override
  public boolean expired(long now) {
    return deadline.passed(now);
  }

  @Override
  public void expire() {
    if (served == null && !stream.closed()) {
      close("the header of a proxy took too long");
    }
  }

  @Override
  public void endWhenIdle() {
    if (served != null) { // just now
      served.endWhenIdle();
    } else {
      stream.close();
    }
  }

  @Override
  public void shutDown() {
    if (served != null) {
      served.shutDown();
    } else {
      stream.close();
    }
  }
}
