// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A blocking server that sends exactly the bytes of the test, to one client after the other. */
public final class RawServer implements AutoCloseable {
  /** What happens on one connection, which is closed behind it. */
  interface Script {
    void run(RawClient peer) throws Exception;
  }

  /** The same, for who speaks another protocol. */
  public interface SocketScript {
    void run(Socket peer) throws Exception;
  }

  private final ServerSocket listening;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closing;

  RawServer(Script script) throws IOException {
    this();
    start(socket -> script.run(new RawClient(socket)));
  }

  private RawServer() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private void start(SocketScript script) {
    Thread.ofPlatform().daemon().name("raw server").start(() -> serve(script));
  }

  /** A server whose peers are sockets. */
  public static RawServer ofSockets(SocketScript script) throws IOException {
    var server = new RawServer();
    server.start(script);
    return server;
  }

  /** Answers the first request on each connection with these bytes, and closes. */
  static RawServer answering(String wire) throws IOException {
    return new RawServer(
        peer -> {
          peer.head();
          peer.sendIfOpen(wire.getBytes(StandardCharsets.ISO_8859_1));
        });
  }

  private void serve(SocketScript script) {
    try {
      while (!closing) {
        serveOne(script);
      }
      ended.complete(null);
    } catch (Throwable e) {
      if (closing) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(e);
      }
    }
  }

  private void serveOne(SocketScript script) throws Exception {
    try (Socket socket = listening.accept()) {
      script.run(socket);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Fails as the script has. */
  @Override
  public void close() throws Exception {
    closing = true;
    listening.close();
    ended.get(20, TimeUnit.SECONDS);
  }
}
