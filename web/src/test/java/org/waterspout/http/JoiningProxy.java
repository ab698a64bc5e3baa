// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Passes one connection on, and puts a header in one write with the first bytes of it. */
final class JoiningProxy implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket server;

  JoiningProxy(int port, String header) throws IOException {
    server = new Socket(InetAddress.getLoopbackAddress(), port);
    Thread.ofVirtual().start(() -> pass(header.getBytes(StandardCharsets.ISO_8859_1)));
  }

  int port() {
    return listening.getLocalPort();
  }

  private void pass(byte[] header) {
    try (var client = listening.accept()) {
      Thread.ofVirtual().start(() -> copy(server, client, new byte[0]));
      copy(client, server, header);
    } catch (IOException e) {
      // closed by the test
    }
  }

  private static void copy(Socket from, Socket to, byte[] first) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = Arrays.copyOf(first, first.length + 16_384);
      int kept = first.length;
      for (int n = in.read(buffer, kept, 16_384); n >= 0; n = in.read(buffer, kept, 16_384)) {
        out.write(buffer, 0, kept + n);
        kept = 0;
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // closed by the test
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    server.close();
  }
}
