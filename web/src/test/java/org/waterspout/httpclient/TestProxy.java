// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A small HTTP proxy: for each connection one request or one tunnel. */
public final class TestProxy implements AutoCloseable {
  public final List<String> heads = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final @Nullable AuthMode wants;

  /** Wants user {@code proxy} with the password {@code open}, or nobody. */
  public TestProxy(@Nullable AuthMode wants) throws IOException {
    this.wants = wants;
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      heads.add(head);
      if (!admits(head)) {
        var challenge =
            wants == AuthMode.BASIC
                ? "Basic realm=p"
                : "Digest realm=p, nonce=n, qop=auth, algorithm=SHA-256";
        say(
            client,
            "HTTP/1.1 407 Who\r\nProxy-Authenticate: "
                + challenge
                + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        client.shutdownOutput();
        pump(client.getInputStream(), null);
        return;
      }
      relay(client, head);
    } catch (Exception e) {
      // somebody has gone
    }
  }

  private boolean admits(String head) throws Exception {
    var value = DigestCheck.field(head, "Proxy-Authorization");
    return switch (wants) {
      case null -> true;
      case BASIC -> value.equals("Basic cHJveHk6b3Blbg==");
      case DIGEST -> DigestCheck.holds(value, head.split(" ", 2)[0], "open");
    };
  }

  private void relay(Socket client, String head) throws Exception {
    var parts = head.split(" ", 3);
    boolean tunnel = parts[0].equals("CONNECT");
    var url = RequestURL.parse(tunnel ? "http://" + parts[1] : parts[1]);
    try (var origin = new Socket(url.bareHost(), url.port())) {
      sockets.add(origin);
      if (tunnel) {
        say(client, "HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n");
      } else {
        say(
            origin,
            parts[0]
                + " "
                + url.target()
                + " "
                + parts[2]
                    .replaceFirst("(?m)^Proxy-Authorization: .*\r\n", "")
                    .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\nVia: test\r\n\r\n"));
      }
      var up = Thread.ofVirtual().start(() -> pumpQuietly(client, origin));
      pump(origin.getInputStream(), client);
      client.shutdownOutput();
      up.join();
    }
  }

  private static void pumpQuietly(Socket from, Socket to) {
    try {
      pump(from.getInputStream(), to);
      to.shutdownOutput();
    } catch (IOException e) {
      // one of them has gone
    }
  }

  private static void pump(InputStream from, @Nullable Socket to) throws IOException {
    var buffer = new byte[8192];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      if (to != null) {
        to.getOutputStream().write(buffer, 0, n);
      }
    }
  }

  private static String head(InputStream in) throws IOException {
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

  private static void say(Socket socket, String wire) throws IOException {
    socket.getOutputStream().write(wire.getBytes(ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
