// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.waterspout.gen.Gen.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.RawServer;
import org.waterspout.ioloop.LoopFuture;

/** Whom clients of the tests meet, and what they get from them. */
final class ClientPeers {
  static final byte[] NO_DATA = {};

  private ClientPeers() {}

  /** Sends back what comes, closes when asked to. */
  static class Echo extends WebSocketHandler {
    @Override
    protected @Nullable CompressionOptions compressionOptions() {
      return switch (request().path()) {
        case "/ws/compressed" -> CompressionOptions.DEFAULT;
        case "/ws/forgetting" -> CompressionOptions.DEFAULT.withoutContextTakeover();
        default -> null;
      };
    }

    @Override
    protected @Nullable String selectSubprotocol(List<String> subprotocols) {
      return subprotocols.contains("second") ? "second" : null;
    }

    @Override
    protected void onMessage(String message) {
      if (message.equals("close")) {
        close(4001, "as you wish");
      } else {
        await(writeMessage(message));
      }
    }

    @Override
    protected void onMessage(byte[] message) {
      await(writeMessage(message));
    }
  }

  static String url(Server server, String path) {
    return "ws://127.0.0.1:" + server.port + "/ws" + path;
  }

  static String url(RawServer server) {
    return "ws://127.0.0.1:" + server.port() + "/ws?q";
  }

  interface Script {
    void run(RawWebSocket peer) throws Exception;
  }

  static RawServer raw(Script script) throws IOException {
    return RawServer.ofSockets(socket -> script.run(new RawWebSocket(socket)));
  }

  /** All messages to the end, texts as they are and the sizes of the others. */
  static List<String> rest(WebSocketClientConnection connection) {
    List<String> all = new ArrayList<>();
    for (var m = await(connection.readMessage()); m != null; m = await(connection.readMessage())) {
      all.add(
          switch (m) {
            case WebSocketMessage.Text(var text) -> text;
            case WebSocketMessage.Binary(var bytes) -> bytes.length + " bytes";
          });
    }
    return all;
  }

  /** What it fails with. */
  static Throwable failure(LoopFuture<WebSocketClientConnection> connecting) {
    try {
      var connection = await(connecting);
      throw new AssertionError("connected: " + connection.headers());
    } catch (RuntimeException e) {
      return e;
    }
  }
}
