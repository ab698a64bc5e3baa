// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.spawn;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.websocket.WebSocketClientConnection;
import org.waterspout.websocket.WebSocketClientOptions;
import org.waterspout.websocket.WebSocketClosedException;
import org.waterspout.websocket.WebSocketMessage;

/** Sends each line that is typed to a WebSocket, and prints each message that comes. */
final class WebSocketClient {
  private WebSocketClient() {}

  static void main(String[] args) throws Exception {
    var options =
        Options.of("Sends lines to a WebSocket and prints what comes.")
            .option("url", "ws://localhost:8888/chat", "where it is, ws:// or wss://")
            .option("trust", "", "a PEM file with the certificates to trust; empty: Java's own")
            .parse(args);
    var trust = options.text("trust");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      var connect = WebSocketClientOptions.builder();
      if (!trust.isEmpty()) {
        connect.ssl(SSLOptions.builder().trust(Path.of(trust)).build());
      }
      System.err.println(talk(options.text("url"), connect.build(), in, System.out));
    } catch (HTTPClientError | IllegalArgumentException e) {
      Options.fail(String.valueOf(e.getMessage()));
    }
  }

  /** Talks until there are no more lines, or the server closes; tells how it ended. */
  static String talk(String url, WebSocketClientOptions options, BufferedReader in, PrintStream out)
      throws Exception {
    return IOLoop.current()
        .runSync(
            () -> {
              var socket = await(websocketConnect(url, options));
              var _ = spawn(() -> sendLines(in, socket));
              for (var m = await(socket.readMessage());
                  m != null;
                  m = await(socket.readMessage())) {
                print(m, out);
              }
              var code = socket.closeCode();
              return code == null
                  ? "the connection was lost"
                  : "closed with " + code + " " + socket.closeReason();
            });
  }

  private static void print(WebSocketMessage message, PrintStream out) {
    switch (message) {
      case WebSocketMessage.Text(var text) -> out.println(text);
      case WebSocketMessage.Binary(var bytes) -> out.println("(" + bytes.length + " bytes)");
    }
  }

  /** Reading a line blocks, so that is done off the loop. */
  private static boolean sendLines(BufferedReader in, WebSocketClientConnection socket)
      throws IOException {
    try {
      for (var line = await(blocking(in::readLine));
          line != null;
          line = await(blocking(in::readLine))) {
        await(socket.writeMessage(line));
      }
      socket.close();
      return true;
    } catch (WebSocketClosedException e) {
      return false; // whoever reads the messages says so
    }
  }
}
