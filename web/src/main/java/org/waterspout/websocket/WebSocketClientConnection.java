// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPStreamClosedError;
import org.waterspout.httpclient.HTTPTimeoutError;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.log.Log;

/**
 * A client's end of a WebSocket. Tornado: {@code WebSocketClientConnection}, and {@code
 * websocket_connect}, which is a static method here.
 *
 * <pre>{@code
 * var chat = await(websocketConnect("wss://example.com/chat"));
 * await(chat.writeMessage("hello"));
 * for (var m = await(chat.readMessage()); m != null; m = await(chat.readMessage())) {
 *   print(m.text());
 * }
 * }</pre>
 *
 * <p>Messages are read one by one, or go to a callback of the options. One is read ahead; a server
 * that sends more is held back until somebody reads, pings of the server and its close frame
 * included. So who does not want messages takes a callback that drops them.
 *
 * <p>{@code writeMessage} and {@code close} may be called from any thread, all else belongs on the
 * loop. A server that breaks the protocol is told so by the code for that, and then closed.
 */
public final class WebSocketClientConnection {
  private static final byte[] NO_DATA = {};

  private final IOLoop loop;
  private final WebSocketClientOptions options;
  private final MessageQueue messages;
  private final Consumer<WebSocketMessage> deliver;
  private final WebSocketProtocol13 connection;
  private final HTTPHeaders headers;
  private final @Nullable String selectedSubprotocol;

  /** Over a stream on which HTTP has ended. */
  WebSocketClientConnection(
      IOStream stream,
      String name,
      WebSocketClientOptions options,
      ClientHandshake.Agreed agreed,
      HTTPHeaders headers) {
    this.loop = stream.loop();
    this.options = options;
    this.headers = headers;
    this.selectedSubprotocol = agreed.subprotocol();
    this.messages = new MessageQueue(loop);
    this.deliver = options.onMessage == null ? messages::put : options.onMessage;
    this.connection =
        new WebSocketProtocol13(
            Role.CLIENT, stream, new Receiver(name), options.limits, agreed.deflate());
    connection.takeCharge(() -> {});
  }

  /** Begins to read. May enter user code. */
  void start() {
    connection.start();
  }

  // ---- connecting

  /** {@link #websocketConnect(String, WebSocketClientOptions)} with the usual options. */
  public static LoopFuture<WebSocketClientConnection> websocketConnect(String url) {
    return websocketConnect(url, WebSocketClientOptions.defaults());
  }

  /**
   * Connects to a {@code ws} or {@code wss} URL. On the loop. Redirects are not followed. A user
   * and password in the URL are refused (RFC 6455 section 3): a header of the options says them.
   *
   * @return the connection; fails with {@link HTTPClientError} if the server answers otherwise: its
   *     code and response say how, with up to 64 KiB of the body; with the code 599 if the answer
   *     is not HTTP, or a proxy does not let us through; as {@link HTTPTimeoutError} after the
   *     {@code connectTimeout}, as {@link HTTPStreamClosedError} if there is no connection.
   *     Cancelling it gives up; then nothing stays open
   * @throws IllegalArgumentException if the URL is not one of a WebSocket, or cannot be asked for
   */
  public static LoopFuture<WebSocketClientConnection> websocketConnect(
      String url, WebSocketClientOptions options) {
    var loop = IOLoop.current();
    loop.checkOnLoop("WebSocketClientConnection.websocketConnect");
    Objects.requireNonNull(options, "options");
    return new WebSocketConnecting(loop, WebSocketURL.parse(url), options).start();
  }

  // ---- receiving

  /**
   * The next message; null behind the last one, when the connection is closed: then {@link
   * #closeCode} says how. A cancelled read takes no message; one that a time limit has left is
   * still there, and takes the next: keep its future and await it again, or cancel it. After {@link
   * #close()} what nobody reads is dropped.
   *
   * @throws IllegalStateException if a message is awaited already, or the options have a callback
   */
  public LoopFuture<WebSocketMessage> readMessage() {
    loop.checkOnLoop("WebSocketClientConnection.readMessage");
    if (options.onMessage != null) {
      throw new IllegalStateException("messages go to a callback");
    }
    return messages.take();
  }

  // ---- sending

  /**
   * Sends a text. From any thread; the messages of each thread keep their order.
   *
   * <p>Who awaits the future goes no faster than the server. Who does not is safe as well: see
   * {@link WebSocketClientOptions.Builder#maxQueueSize}.
   *
   * @return done when the message has left for the transport; fails with {@link
   *     WebSocketClosedException}
   */
  public LoopFuture<Void> writeMessage(String message) {
    return connection.send(Opcode.TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a binary message, which must not change until the future is done; see {@link
   * #writeMessage(String)}.
   */
  public LoopFuture<Void> writeMessage(byte[] message) {
    return connection.send(Opcode.BINARY, message);
  }

  /** Sends a map as {@link #writeJSONMessage} does. */
  public LoopFuture<Void> writeMessage(Map<String, ?> message) {
    return writeJSONMessage(message);
  }

  /**
   * Sends a record, list, map or anything else that has a JSON form, as a text; see {@link
   * #writeMessage(String)}.
   */
  public LoopFuture<Void> writeJSONMessage(@Nullable Object message) {
    return writeMessage(Escape.jsonEncode(message));
  }

  /** Sends a ping without data. */
  public LoopFuture<Void> ping() {
    return ping(NO_DATA);
  }

  /**
   * Sends a ping. Its answer comes to the options' {@code onPong}.
   *
   * @throws IllegalArgumentException if there are more than 125 bytes
   */
  public LoopFuture<Void> ping(byte[] data) {
    FrameWriter.checkControl(data);
    return connection.ping(data);
  }

  // ---- closing

  /** Closes the connection without saying why; see {@link #close(int, String)}. */
  public void close() {
    closeWith(CloseCode.NONE, "");
  }

  /** Closes the connection with a code; see {@link #close(int, String)}. */
  public void close(int code) {
    close(code, "");
  }

  /** Closes the connection with a reason and code 1000; see {@link #close(int, String)}. */
  public void close(String reason) {
    close(CloseCode.NORMAL, reason);
  }

  /**
   * Closes the connection. Messages that were written before are still sent; then the server has
   * five seconds to close its side. Does nothing if the connection is closed, or about to be. From
   * any thread.
   *
   * @throws IllegalArgumentException if the code is not one that a client may send (1000 to 1003,
   *     1007 to 1014, 3000 to 4999), or the reason is longer than 123 bytes
   */
  public void close(int code, String reason) {
    FrameWriter.checkClose(Role.CLIENT, code, reason);
    closeWith(code, reason);
  }

  private void closeWith(int code, String reason) {
    connection.close(code, reason);
    if (loop.onLoop()) {
      messages.close();
    } else {
      loop.addCallback(messages::close);
    }
  }

  /**
   * The code with which the server has closed the connection, 1005 if it gave none. Null if it has
   * not: before the end, and if the connection broke or was cut.
   */
  public @Nullable Integer closeCode() {
    return connection.closeCode();
  }

  /** The reason that came with {@link #closeCode}, maybe empty; null if that is null. */
  public @Nullable String closeReason() {
    return connection.closeReason();
  }

  // ---- the connection

  /** Which of the offered subprotocols the server has chosen; null if none. */
  public @Nullable String selectedSubprotocol() {
    return selectedSubprotocol;
  }

  /** The headers of the server's answer to the handshake. */
  public HTTPHeaders headers() {
    return headers;
  }

  /** Whether small messages leave at once (they do, unless this is called) or may wait for more. */
  public void setNoDelay(boolean on) {
    connection.setNoDelay(on);
  }

  /** The connection's way to the user. */
  private final class Receiver implements WebSocketReceiver {
    private final String name;

    Receiver(String name) {
      this.name = name;
    }

    @Override
    public void open() {}

    @Override
    public void onMessage(String message) {
      deliver.accept(new WebSocketMessage.Text(message));
    }

    @Override
    public void onMessage(byte[] message) {
      deliver.accept(new WebSocketMessage.Binary(message));
    }

    @Override
    public void onPing(byte[] data) {
      options.onPing.accept(data);
    }

    @Override
    public void onPong(byte[] data) {
      options.onPong.accept(data);
    }

    @Override
    public void onClose() {
      messages.end();
      options.onClose.run();
    }

    @Override
    public void failed(Throwable reason) {
      Log.APPLICATION.log(Level.ERROR, "Uncaught exception in " + name, Log.cleaned(reason));
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
