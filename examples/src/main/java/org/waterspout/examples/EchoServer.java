// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.StartLine;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.routing.Rule;
import org.waterspout.web.Application;
import org.waterspout.websocket.CompressionOptions;
import org.waterspout.websocket.WebSocketHandler;

/**
 * Sends back the body of every request, whatever its method and path, and at {@code /ws} every
 * WebSocket message.
 *
 * <pre>
 *   curl -d hello http://localhost:8888/
 *   curl -T large.iso -o copy.iso http://localhost:8888/
 * </pre>
 */
final class EchoServer {
  private static final long MAX_BODY = 1L << 40;
  private static final int MAX_WAITING = 8 << 20;
  private static final int MAX_MESSAGE = 64 << 20;

  private EchoServer() {}

  /**
   * One request. Its body is sent back while it arrives, in the same framing: with its length if
   * that was announced, else in chunks. Its type is the request's. A page of another origin cannot
   * choose one that browsers would run, unless this server allowed that, which it does not.
   *
   * <p>What the client does not take waits, up to a limit, so that it may send a good deal before
   * it reads anything. Then nothing more is read from it: a body of any size needs no more memory
   * than that, and who sends a larger one has to read meanwhile. Who does not is cut in the end, as
   * all are who take nothing.
   */
  static final class Echo implements HTTPMessageDelegate {
    private final HTTPConnection connection;
    private HTTPHeaders request = new HTTPHeaders();
    private boolean begun;
    private @Nullable LoopFuture<Void> sending; // null: the client has taken all that was sent
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);

    Echo(HTTPConnection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers) {
      connection.setMaxBodySize(MAX_BODY);
      request = headers;
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) {
      var before = sending;
      if (before == null) {
        send(chunk);
        return null;
      }
      waiting.writeBytes(chunk);
      return waiting.size() < MAX_WAITING ? null : before;
    }

    @Override
    public void finish() {
      sendWaiting();
      if (!begun) {
        var _ = begin(null);
      }
      var _ = connection.finish();
    }

    private void sendWaiting() {
      sending = null;
      if (waiting.size() > 0) {
        var all = waiting.toByteArray();
        waiting = new ByteArrayOutputStream(0);
        send(all);
      }
    }

    private void send(byte[] bytes) {
      var piece = ByteBuffer.wrap(bytes);
      var sent = begun ? connection.write(piece) : begin(piece);
      if (!sent.isDone()) {
        sending = sent;
        var _ = sent.thenRun(this::sendWaiting);
      }
    }

    private LoopFuture<Void> begin(@Nullable ByteBuffer piece) {
      begun = true;
      var headers = new HTTPHeaders();
      headers.add("Content-Type", contentType());
      headers.add("X-Content-Type-Options", "nosniff");
      if (!request.contains("Transfer-Encoding")) {
        headers.add("Content-Length", request.get("Content-Length", "0"));
      }
      return connection.writeHeaders(new ResponseStartLine("HTTP/1.1", 200, "OK"), headers, piece);
    }

    /** Of two, nobody could say which is meant. */
    private String contentType() {
      var types = request.getList("Content-Type");
      return types.size() == 1 && !types.getFirst().isEmpty()
          ? types.getFirst()
          : "application/octet-stream";
    }
  }

  /** One client. It is served no faster than it takes its own messages. */
  static final class EchoSocket extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      await(writeMessage(message));
    }

    @Override
    protected void onMessage(byte[] message) {
      await(writeMessage(message));
    }

    @Override
    protected int maxMessageSize() {
      return MAX_MESSAGE;
    }

    /** The fastest: others wait for the loop while it compresses a large message. */
    @Override
    protected CompressionOptions compressionOptions() {
      return CompressionOptions.DEFAULT.withLevel(1);
    }

    /** Nobody's cookies count here. */
    @Override
    protected boolean checkOrigin(String origin) {
      return true;
    }
  }

  static Application application() {
    return new Application(
        url("/ws", EchoSocket::new), Rule.any((_, connection) -> new Echo(connection)));
  }

  static void main(String[] args) {
    var options =
        Options.of("Sends back every request's body, and every WebSocket message at /ws.")
            .serving(8888)
            .parse(args);
    var _ = options.listen(application());
    IOLoop.current().start();
  }
}
