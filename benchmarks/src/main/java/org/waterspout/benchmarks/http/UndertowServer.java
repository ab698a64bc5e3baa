// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.Version;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Undertow, with one I/O thread, on which everything is answered. */
final class UndertowServer implements HttpHandler {
  private static final ByteBuffer HELLO = direct(Workload.HELLO_BODY);
  private static final ByteBuffer DOWNLOAD = direct(Workload.body(Workload.DOWNLOAD_SIZE));

  static void main(String[] args) {
    Ready.keepQuiet();
    var workload = Workload.valueOf(args[1]);
    var server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(1)
            .setWorkerThreads(1)
            .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
            .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, workload.depth > 1)
            .setHandler(workload == Workload.WEBSOCKET ? webSocket() : new UndertowServer())
            .build();
    server.start();
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    Ready.announce(address.getPort(), "Undertow " + Version.getVersionString());
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    switch (exchange.getRequestPath()) {
      case "/hello" -> answer(exchange, HELLO.duplicate());
      case "/download" -> answer(exchange, DOWNLOAD.duplicate());
      case "/echo" ->
          exchange
              .getRequestReceiver()
              .receiveFullBytes((same, body) -> answer(same, ByteBuffer.wrap(body)));
      default -> throw new IllegalArgumentException(exchange.getRequestPath());
    }
  }

  private static void answer(HttpServerExchange exchange, ByteBuffer content) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
    exchange.getResponseSender().send(content);
  }

  private static HttpHandler webSocket() {
    return Handlers.websocket(
        (exchange, channel) -> {
          channel.getReceiveSetter().set(new Echo());
          channel.resumeReceives();
        });
  }

  private static final class Echo extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }
  }
}
