// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamLimits;
import org.waterspout.iostream.StreamReader;

/** A server that does what it is given to do. */
class HandlerServer extends TCPServer {
  interface Handler {
    void handle(IOStream stream, SocketAddress address) throws Exception;
  }

  private final Handler handler;

  private HandlerServer(@Nullable SSLOptions ssl, Handler handler) {
    super(ssl, StreamLimits.DEFAULT);
    this.handler = handler;
  }

  /** Of a loop that the calling thread is not on. */
  static HandlerServer on(IOLoop loop, Handler handler) {
    return on(loop, null, handler);
  }

  private static HandlerServer on(IOLoop loop, @Nullable SSLOptions ssl, Handler handler) {
    loop.makeCurrent();
    try {
      return new HandlerServer(ssl, handler);
    } finally {
      IOLoop.clearCurrent();
    }
  }

  /** Sends back what comes. */
  static HandlerServer echoOn(IOLoop loop) {
    return echoOn(loop, null);
  }

  /** Sends back what comes, by TLS if there are options for it. */
  static HandlerServer echoOn(IOLoop loop, @Nullable SSLOptions ssl) {
    return on(loop, ssl, (stream, address) -> stream.startReading(new Echo(stream)));
  }

  @Override
  protected void handleStream(IOStream stream, SocketAddress address) throws Exception {
    handler.handle(stream, address);
  }

  /** Sends back what comes. */
  static final class Echo implements StreamReader {
    private final IOStream stream;
    private ByteBuffer pending = ByteBuffer.allocate(0);

    Echo(IOStream stream) {
      this.stream = stream;
    }

    @Override
    public boolean received(ByteBuffer in) {
      pending = ByteBuffer.allocate(in.remaining()).put(in).flip();
      return pending.hasRemaining();
    }

    @Override
    public void proceed() {
      IOLoop.await(stream.write(pending));
      stream.resumeReading();
    }

    @Override
    public void closed() {}
  }
}
