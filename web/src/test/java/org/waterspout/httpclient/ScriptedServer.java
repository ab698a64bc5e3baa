// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says exactly what the test has it say, on each connection in a thread. */
final class ScriptedServer implements AutoCloseable {
  /** What happens on a connection; it is closed afterwards. */
  @FunctionalInterface
  interface Script {
    void run(Peer peer) throws Exception;
  }

  /** One connection. */
  static final class Peer {
    final int number; // the first is 1
    final Socket socket;
    private final InputStream in;
    private final CountDownLatch closing;

    private Peer(int number, Socket socket, CountDownLatch closing) throws IOException {
      this.number = number;
      this.socket = socket;
      this.closing = closing;
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /** The next request's head, with its blank line; empty at the end of the connection. */
    String head() throws IOException {
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int c = in.read();
        if (c < 0) {
          return "";
        }
        head.append((char) c);
      }
      return head.toString();
    }

    String bytes(int count) throws IOException {
      return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    void say(String wire) throws IOException {
      say(wire.getBytes(StandardCharsets.ISO_8859_1));
    }

    void say(byte[] wire) throws IOException {
      socket.getOutputStream().write(wire);
      socket.getOutputStream().flush();
    }

    void answer(String body) throws IOException {
      say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Waits until the other side ends the connection. */
    void awaitEnd() {
      try {
        while (in.read() >= 0) {}
      } catch (IOException e) {
        // an end too
      }
    }

    /** Does nothing, and reads nothing, until the server is closed. */
    void hold() throws InterruptedException {
      closing.await();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);

  ScriptedServer(Script script) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  /** Answers each request on each connection with these bytes. */
  static ScriptedServer answering(String wire) throws IOException {
    return new ScriptedServer(
        peer -> {
          while (!peer.head().isEmpty()) {
            peer.say(wire);
          }
        });
  }

  private void accept() {
    while (true) {
      try {
        var socket = server.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(number, socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(int number, Socket socket) {
    try (socket) {
      script.run(new Peer(number, socket, closing));
    } catch (IOException e) {
      // the client has gone
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a script failed", failures.getFirst());
    }
  }
}
