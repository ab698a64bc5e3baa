// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.Tenant;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.ioloop.Timeout;
import org.waterspout.iostream.BaseIOStream;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamReader;
import org.waterspout.log.Log;

/**
 * Either end of a WebSocket on a stream, RFC 6455. Tornado: {@code WebSocketProtocol13}.
 *
 * <p>After OPEN the peer has five seconds. Bytes are parsed in {@link #received}, which enters no
 * user code; the receiver is called from {@link #proceed}, and while that is parked the bytes that
 * follow stay with the stream, which holds the peer back. Confined to the loop, but for what {@link
 * WebSocketConnection} says.
 */
final class WebSocketProtocol13 extends WebSocketConnection implements StreamReader, Tenant {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Role role;
  private final BaseIOStream stream;
  private final @Nullable Inflation inflation; // null: no compression was agreed on
  private final int maxMessageSize;
  private final Sender sender;

  private @Nullable Runnable onEnd; // null until the stream is in our charge
  private @Nullable MessageReader reader; // while some of a message has come, but not all
  private @Nullable Message found; // between received and proceed
  private @Nullable ProtocolException refused; // between received and proceed
  private boolean heard; // something came since the pinger began to listen
  private @Nullable LoopFuture<Void> closeWritten; // null until our close frame is sent
  private @Nullable Timeout closeTimeout; // null until then

  /** A connection on a stream on which HTTP has ended. */
  WebSocketProtocol13(
      Role role,
      BaseIOStream stream,
      WebSocketReceiver receiver,
      ConnectionOptions options,
      @Nullable PerMessageDeflate deflate) {
    super(stream.loop(), receiver, options);
    this.role = role;
    this.stream = stream;
    maxMessageSize = options.maxMessageSize();
    Deflation deflation = null;
    if (deflate == null) {
      inflation = null;
    } else {
      inflation = new Inflation(deflate.keepsContext(role.peer()));
      deflation = new Deflation(deflate.level(), deflate.keepsContext(role));
    }
    var writer =
        role == Role.SERVER ? FrameWriter.ofServer(deflation) : FrameWriter.ofClient(deflation);
    sender = new Sender(stream, receiver, writer, options.maxQueueSize());
  }

  /**
   * Takes charge of the stream. From now on the connection can be closed from either side.
   *
   * @param onEnd run when the connection has ended, before the receiver is told
   */
  void takeCharge(Runnable onEnd) {
    this.onEnd = onEnd;
    stream.setCloseCallback(this::closed);
  }

  /**
   * Opens the connection, unless it has ended by now, and then begins to read. May enter user code,
   * which may await.
   */
  void start() {
    if (phase == Phase.CLOSED) {
      return;
    }
    callOpen();
    if (phase != Phase.CLOSED) {
      stream.setCloseCallback(null);
      stream.startReading(this);
    }
  }

  // ---- what comes

  @Override
  public boolean received(ByteBuffer in) {
    if (phase == Phase.ENDING || phase == Phase.CLOSED) {
      in.position(in.limit());
      return false;
    }
    heard = true;
    var reading = reader == null ? newReader() : reader;
    try {
      found = reading.read(in);
      reader = reading.idle() ? null : reading; // who is idle holds none
    } catch (ProtocolException e) {
      refused = e;
    }
    return found != null || refused != null;
  }

  private MessageReader newReader() {
    return new MessageReader(role.peer(), maxMessageSize, inflation);
  }

  @Override
  public void proceed() {
    var message = found;
    var reason = refused;
    found = null;
    refused = null;
    if (reason != null) {
      fail(reason);
    } else if (message != null) {
      deliver(message);
    }
    if (!stream.closed()) {
      stream.resumeReading();
    }
  }

  private void deliver(Message message) {
    switch (message) {
      case Message.Text(var text) -> call(() -> receiver.onMessage(text));
      case Message.Binary(var bytes) -> call(() -> receiver.onMessage(bytes));
      case Message.Ping(var data) -> {
        sender.pong(data.clone());
        call(() -> receiver.onPing(data));
      }
      case Message.Pong(var data) -> deliverPong(data);
      case Message.Close(var code, var reason) -> answerClose(code, reason);
    }
  }

  @Override
  IOLoop loop() {
    return stream.loop();
  }

  @Override
  boolean lastWordSaid() {
    return closeWritten != null;
  }

  @Override
  boolean gone() {
    return stream.closed();
  }

  // ---- what is sent

  @Override
  LoopFuture<Void> send(int opcode, byte[] payload) {
    return sender.message(opcode, payload);
  }

  @Override
  LoopFuture<Void> ping(byte[] data) {
    loop().checkOnLoop("a ping of a WebSocket");
    return sender.ping(data);
  }

  @Override
  void setNoDelay(boolean on) {
    loop().checkOnLoop("setNoDelay of a WebSocket");
    if (!(stream instanceof IOStream socket)) {
      return; // containers send small messages at once
    }
    try {
      socket.setNoDelay(on);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "the connection is gone", e);
    }
  }

  // ---- closing

  /** RFC 6455 section 7.4.1. */
  @Override
  public void goAway() {
    closeNow(CloseCode.GOING_AWAY, "");
  }

  @Override
  public void close() {
    stream.close();
  }

  @Override
  void closeNow(int code, String reason) {
    if (phase == Phase.OPENING || phase == Phase.OPEN) {
      phase = Phase.CLOSING;
      var _ = sendClose(code, reason);
    }
  }

  private LoopFuture<Void> sendClose(int code, String reason) {
    stopPinging();
    var written = sender.close(code, reason);
    closeWritten = written;
    awaitClose();
    if (!written.isDone()) {
      var _ = written.whenComplete((_, _) -> awaitClose());
    }
    return written;
  }

  /** The peer has its time when it has taken all that was written, and while it takes more. */
  private void awaitClose() {
    if (closeTimeout != null) {
      loop().removeTimeout(closeTimeout);
    }
    closeTimeout =
        phase == Phase.CLOSED ? null : loop().callLater(CLOSE_TIMEOUT, this::closeIsLate);
  }

  private void closeIsLate() {
    long still = loop().time() - stream.lastWriteProgress();
    if (stream.writing() && still < CLOSE_TIMEOUT.toNanos()) {
      closeTimeout = loop().callLater(CLOSE_TIMEOUT.minusNanos(still), this::closeIsLate);
    } else {
      stream.close();
    }
  }

  /** RFC 6455 section 5.5.1: our own close frame repeats the code; 7.1.1: the server goes first. */
  private void answerClose(int code, String reason) {
    peerCloses(code, reason);
    var written = closeWritten == null ? sendClose(code, "") : closeWritten;
    phase = Phase.ENDING;
    if (role == Role.SERVER) {
      whenWritten(written, stream::close);
    }
  }

  /** RFC 6455 section 7.1.7. The peer has broken the protocol or a limit. */
  private void fail(ProtocolException reason) {
    Log.GENERAL.log(
        Level.INFO, () -> receiver + " closed with " + reason.closeCode() + ": " + why(reason));
    phase = Phase.ENDING;
    if (closeWritten == null) {
      whenWritten(sendClose(reason.closeCode(), why(reason)), this::linger);
    } else {
      stream.close(); // we have had our last word
    }
  }

  private static String why(ProtocolException reason) {
    return String.valueOf(reason.getMessage());
  }

  /** Closing now could take the peer the chance to read why: what it goes on to send resets. */
  private void linger() {
    if (!stream.writing()) {
      stream.endOutput();
    }
  }

  private void whenWritten(LoopFuture<Void> written, Runnable next) {
    if (written.isDone()) {
      next.run();
    } else {
      var _ = written.whenComplete((value, failure) -> next.run());
    }
  }

  /** The stream is closed, whoever closed it. */
  @Override
  public void closed() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    stopPinging();
    if (closeTimeout != null) {
      loop().removeTimeout(closeTimeout);
    }
    reader = null;
    if (inflation != null) {
      inflation.end();
    }
    sender.end();
    if (onEnd != null) {
      onEnd.run();
    }
    callOnClose();
  }

  // ---- for the pinger

  @Override
  void beginListening() {
    heard = false;
  }

  @Override
  boolean pongMayWait() {
    return super.pongMayWait() || (heard && reader != null);
  }
}
