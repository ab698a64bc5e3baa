// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.Capability;
import org.waterspout.http.Needs;
import org.waterspout.http.Tenant;
import org.waterspout.http.UpgradedConnection;
import org.waterspout.http.UpgradedStream;
import org.waterspout.http.WebSocketTransport;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Scope;
import org.waterspout.iostream.BaseIOStream;
import org.waterspout.web.HTTPError;
import org.waterspout.web.RequestHandler;

/**
 * Talks to one client by WebSocket: subclass it, override {@link #onMessage(String)}, and hand its
 * constructor to {@link org.waterspout.web.Application#url}. Tornado: {@code WebSocketHandler}.
 *
 * <p>For each client: constructor, {@link #setDefaultHeaders}, {@link #prepare}, which may still
 * refuse by an ordinary answer; {@link #checkOrigin}, {@link #selectSubprotocol}, {@link
 * #compressionOptions}; the answer 101, with the headers that were set; {@link #onFinish}; {@link
 * #open}; then {@code onMessage} for each message, and {@link #onClose} once, whatever happens.
 * After the answer, whatever would change it throws IllegalStateException.
 *
 * <p>All these run on the loop and may await. Nothing comes before the call for what came before
 * has returned: the client is held back meanwhile. Only {@code onClose} may come while another call
 * awaits. What {@code open} or {@code onMessage} throws is logged and closes the connection with
 * code 1011; a client that breaks the protocol is told so by the code for that, and then closed;
 * one that takes nothing of what is sent to it for the server's stall timeout is cut; and when the
 * server is stopped with a grace, all are closed with code 1001. With {@link #cancelOnDisconnect},
 * what other calls still await is given up after {@code onClose}.
 *
 * <p><b>In a servlet container</b> it is the container that reads and writes the frames, and a few
 * things are different: nothing is compressed and pings of the client are not seen, see {@link
 * Capability}. {@link #close()} sends code 1000, since there is no close frame without one. Some
 * containers call a client's close without a code 1000 too; some say that the connection is closed
 * as soon as {@code close} has sent its frame, and {@link #closeCode} is that of the handler then.
 * What comes behind that frame is dropped. When the web application stops, {@code onClose} does not
 * wait for the clients.
 *
 * <p>{@code writeMessage} and {@code close} may be called from any thread, all else belongs on the
 * loop. A message is what it is however it was cut into frames.
 *
 * <pre>{@code
 * class EchoHandler extends WebSocketHandler {
 *   @Override
 *   protected void onMessage(String message) {
 *     await(writeMessage(message)); // no faster than the client takes it
 *   }
 * }
 * }</pre>
 */
@Needs(Capability.WEBSOCKET)
public abstract class WebSocketHandler extends RequestHandler {
  private static final byte[] NO_DATA = {};

  private @Nullable WebSocketConnection connection; // null until the answer 101
  private @Nullable Scope scope; // null until the answer 101
  private @Nullable String selectedSubprotocol;

  /** For subclasses; whatever they need they take as arguments. */
  protected WebSocketHandler() {}

  // ---- hooks

  /** The connection is there. The path's arguments are there as in any handler. */
  protected void open() throws Exception {}

  /** A text. Unless it is overridden, a client that sends one is closed with code 1003. */
  protected void onMessage(String message) throws Exception {
    close(CloseCode.UNSUPPORTED, "no texts here");
  }

  /**
   * A binary message; the array is the handler's own. Unless it is overridden, a client that sends
   * one is closed with code 1003.
   */
  protected void onMessage(byte[] message) throws Exception {
    close(CloseCode.UNSUPPORTED, "no binary messages here");
  }

  /** A ping, which has been answered already; the array is the handler's own. */
  @Needs(Capability.WEBSOCKET_PING_NOTICE)
  protected void onPing(byte[] data) throws Exception {}

  /** A pong; the array is the handler's own. */
  @Needs(Capability.WEBSOCKET_PING_CONTROL)
  protected void onPong(byte[] data) throws Exception {}

  /**
   * The connection is gone, and {@link #closeCode} says how. Called once if {@link #open} was,
   * maybe while another method of the handler awaits.
   */
  protected void onClose() throws Exception {}

  /**
   * Whether a page from this origin may connect; not asked where a client names none, as those do
   * that are no browsers. If a browser's user is known by a cookie, this is what keeps other
   * people's pages from acting for him. By default the origin's host and port must be those that
   * the client connects to.
   */
  protected boolean checkOrigin(String origin) throws Exception {
    return Handshake.isSameOrigin(origin, request().host());
  }

  /**
   * Chooses one of the subprotocols that the client offers, in its order; by default none.
   *
   * @return one of them, or null
   */
  protected @Nullable String selectSubprotocol(List<String> subprotocols) throws Exception {
    return null;
  }

  /** How messages are compressed if the client offers that; null, the default, not at all. */
  @Needs(Capability.WEBSOCKET_COMPRESSION)
  protected @Nullable CompressionOptions compressionOptions() throws Exception {
    return null;
  }

  /** How often the client is pinged; zero: never. By default the application's setting. */
  @Needs(Capability.WEBSOCKET_PING_CONTROL)
  protected Duration pingInterval() {
    return settings().websocketPingInterval();
  }

  /**
   * How long the client has for its pong, before it is closed with code 1000 and the reason {@code
   * ping timed out}; zero: for ever. At most the interval. Time in which the handler itself keeps
   * the connection from being read does not count. By default the application's setting.
   */
  @Needs(Capability.WEBSOCKET_PING_CONTROL)
  protected Duration pingTimeout() {
    return settings().websocketPingTimeout();
  }

  /**
   * How many bytes a message may have, after inflating; a client that sends more is closed with
   * code 1009. By default the application's setting.
   */
  protected int maxMessageSize() {
    return settings().websocketMaxMessageSize();
  }

  // ---- sending

  /**
   * Sends a text. From any thread; the messages of each thread keep their order.
   *
   * <p>Who awaits the future goes no faster than the client. Who does not is safe as well: if more
   * than {@link org.waterspout.web.Settings#websocketMaxQueueSize} bytes wait when yet another
   * message is written, the connection is cut, and {@link #onClose} comes.
   *
   * @return done when the message has left for the transport; fails with {@link
   *     WebSocketClosedException}
   */
  public final LoopFuture<Void> writeMessage(String message) {
    return connection("writeMessage").send(Opcode.TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a binary message, which must not change until the future is done; see {@link
   * #writeMessage(String)}.
   */
  public final LoopFuture<Void> writeMessage(byte[] message) {
    return connection("writeMessage").send(Opcode.BINARY, message);
  }

  /** Sends a map as {@link #writeJSONMessage} does. */
  public final LoopFuture<Void> writeMessage(Map<String, ?> message) {
    return writeJSONMessage(message);
  }

  /**
   * Sends a record, list, map or anything else that has a JSON form, as a text; see {@link
   * #writeMessage(String)}.
   */
  public final LoopFuture<Void> writeJSONMessage(@Nullable Object message) {
    return writeMessage(Escape.jsonEncode(message));
  }

  /** Sends a ping without data. */
  @Needs(Capability.WEBSOCKET_PING_CONTROL)
  public final LoopFuture<Void> ping() {
    return ping(NO_DATA);
  }

  /**
   * Sends a ping. Its answer comes to {@link #onPong}.
   *
   * @throws IllegalArgumentException if there are more than 125 bytes
   */
  @Needs(Capability.WEBSOCKET_PING_CONTROL)
  public final LoopFuture<Void> ping(byte[] data) {
    FrameWriter.checkControl(data);
    return connection("ping").ping(data);
  }

  // ---- closing

  /** Closes the connection without saying why; see {@link #close(int, String)}. */
  public final void close() {
    connection("close").close(CloseCode.NONE, "");
  }

  /** Closes the connection with a code; see {@link #close(int, String)}. */
  public final void close(int code) {
    close(code, "");
  }

  /** Closes the connection with a reason and code 1000; see {@link #close(int, String)}. */
  public final void close(String reason) {
    close(CloseCode.NORMAL, reason);
  }

  /**
   * Closes the connection. Messages that were written before are still sent; then the client has
   * five seconds to close its side, and its messages still come until it does. Does nothing if the
   * connection is closed, or about to be. From any thread.
   *
   * @throws IllegalArgumentException if the code is not one that a server may send (1000 to 1003,
   *     1007 to 1009, 1011 to 1014, 3000 to 4999), or the reason is longer than 123 bytes
   */
  public final void close(int code, String reason) {
    FrameWriter.checkClose(Role.SERVER, code, reason);
    connection("close").close(code, reason);
  }

  /**
   * The code with which the client has closed the connection, 1005 if it gave none. Null if it has
   * not: before the end, and if the connection broke or was cut.
   */
  public final @Nullable Integer closeCode() {
    return connection("closeCode").closeCode();
  }

  /** The reason that came with {@link #closeCode}, maybe empty; null if that is null. */
  public final @Nullable String closeReason() {
    return connection("closeReason").closeReason();
  }

  // ---- the connection

  /** What {@link #selectSubprotocol} has chosen; null if nothing. */
  public final @Nullable String selectedSubprotocol() {
    return selectedSubprotocol;
  }

  /** Whether small messages leave at once (they do, unless this is called) or may wait for more. */
  public final void setNoDelay(boolean on) {
    connection("setNoDelay").setNoDelay(on);
  }

  private WebSocketConnection connection(String method) {
    if (connection == null) {
      throw new IllegalStateException(
          "WebSocketHandler." + method + ": there is no connection before open()");
    }
    return connection;
  }

  // ---- the handshake

  /** Answers the handshake, and opens the connection. */
  @Override
  protected final void get() throws Exception {
    var headers = request().headers();
    Handshake.requireUpgrade(request());
    checkOrigins(headers.getList("Origin"));
    if (!Handshake.hasVersion(headers)) {
      refuseVersion();
      return;
    }
    var key = Handshake.key(headers);
    selectedSubprotocol = chosen(Handshake.subprotocols(headers));
    var deflate = compression(Handshake.extensions(headers));
    var limits =
        new ConnectionOptions(
            maxMessageSize(), settings().websocketMaxQueueSize(), pingInterval(), pingTimeout());
    setHeader("Sec-WebSocket-Accept", Handshake.accept(key));
    setOrClear("Sec-WebSocket-Protocol", selectedSubprotocol);
    setOrClear("Sec-WebSocket-Extensions", deflate == null ? null : deflate.answer());
    if (connectionOffers(Capability.DETACH)) {
      Function<Tenant, Runnable> keeper = request().connection()::keep;
      switchProtocols("websocket", stream -> takeCharge(stream, keeper, limits, deflate)).start();
    } else {
      openWebSocket(
              selectedSubprotocol,
              limits.maxMessageSize(),
              upgraded -> takeCharge(upgraded, limits, deflate))
          .run();
    }
  }

  private boolean connectionOffers(Capability capability) {
    return request().connection().capabilities().contains(capability);
  }

  /** What opens the connection. */
  private Runnable takeCharge(
      UpgradedConnection upgraded, ConnectionOptions limits, @Nullable PerMessageDeflate deflate) {
    return switch (upgraded) {
      case WebSocketTransport transport -> takeCharge(transport, limits)::open;
      case UpgradedStream bytes -> takeCharge(bytes.stream(), bytes::keep, limits, deflate)::start;
    };
  }

  /** The server knows the connection from its first moment on: {@link #onFinish} may await. */
  private WebSocketProtocol13 takeCharge(
      BaseIOStream stream,
      Function<Tenant, Runnable> keeper,
      ConnectionOptions limits,
      @Nullable PerMessageDeflate deflate) {
    var made = new WebSocketProtocol13(Role.SERVER, stream, new Receiver(), limits, deflate);
    connection = made;
    scope = stream.loop().context().scope();
    made.takeCharge(keeper.apply(made));
    return made;
  }

  /** The connection speaks the protocol itself, and gives us messages. */
  private HostedWebSocket takeCharge(WebSocketTransport transport, ConnectionOptions limits) {
    var loop = request().connection().loop();
    var made = new HostedWebSocket(loop, transport, new Receiver(), limits);
    connection = made;
    scope = loop.context().scope();
    made.takeCharge();
    return made;
  }

  private void checkOrigins(List<String> origins) throws Exception {
    if (origins.size() > 1 || (origins.size() == 1 && !checkOrigin(origins.getFirst()))) {
      throw new HTTPError(403, "not from " + origins);
    }
  }

  /** RFC 6455 section 4.4, RFC 9110 section 15.5.22. */
  private void refuseVersion() {
    setStatus(426);
    setHeader("Upgrade", "websocket");
    setHeader("Connection", "Upgrade");
    setHeader("Sec-WebSocket-Version", Handshake.VERSION);
    var _ = finish();
  }

  private @Nullable String chosen(List<String> offered) throws Exception {
    var selected = selectSubprotocol(offered);
    if (selected != null && !offered.contains(selected)) {
      throw new IllegalStateException(
          "the subprotocol \"" + selected + "\" was not offered by the client");
    }
    return selected;
  }

  private @Nullable PerMessageDeflate compression(List<ExtensionOffer> offered) throws Exception {
    var options = connectionOffers(Capability.WEBSOCKET_COMPRESSION) ? compressionOptions() : null;
    return options == null ? null : PerMessageDeflate.accept(offered, options);
  }

  private void setOrClear(String name, @Nullable String value) {
    if (value == null) {
      clearHeader(name);
    } else {
      setHeader(name, value);
    }
  }

  /** The connection's way to the hooks. */
  private final class Receiver implements WebSocketReceiver {
    @Override
    public void open() throws Exception {
      WebSocketHandler.this.open();
    }

    @Override
    public void onMessage(String message) throws Exception {
      WebSocketHandler.this.onMessage(message);
    }

    @Override
    public void onMessage(byte[] message) throws Exception {
      WebSocketHandler.this.onMessage(message);
    }

    @Override
    public void onPing(byte[] data) throws Exception {
      WebSocketHandler.this.onPing(data);
    }

    @Override
    public void onPong(byte[] data) throws Exception {
      WebSocketHandler.this.onPong(data);
    }

    @Override
    public void onClose() throws Exception {
      try {
        WebSocketHandler.this.onClose();
      } finally {
        if (scope != null && cancelOnDisconnect()) {
          scope.cancel("the connection is closed");
        }
      }
    }

    @Override
    public void failed(Throwable reason) {
      logException(reason);
    }

    @Override
    public String toString() {
      return request().toString();
    }
  }
}
