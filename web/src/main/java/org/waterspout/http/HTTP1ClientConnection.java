// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamBufferFullException;
import org.waterspout.iostream.StreamClosedException;

/**
 * The client's side of one HTTP/1.1 connection: one exchange after the other. Tornado: {@code
 * HTTP1Connection(is_client=True)}.
 *
 * <p>An exchange: {@link #writeHeaders}, {@link #write} any number of times, {@link #finish}; what
 * comes back goes to a {@link ClientDelegate}, maybe before the request is finished. Behind an
 * early success of a server that keeps the connection the request is still sent to its end; behind
 * another early answer, or where nothing of it moves for {@link HTTP1ClientOptions#stallTimeout},
 * it is cut. When the delegate's {@code finish} is called, both are over, and {@link #reusable}
 * says whether another exchange can begin; if not, the connection closes itself. After {@code
 * failed} it is closed. Time limits are the caller's, who calls {@link #abort}.
 *
 * <p>It is strict: an answer that two readers could understand in two ways is refused (RFC 9112
 * section 6.3), and so is a request that the server could, before a byte of it is sent. Confined to
 * the loop of the stream.
 *
 * <pre>{@code
 * var connection = new HTTP1ClientConnection(stream, HTTP1ClientOptions.defaults());
 * var headers = new HTTPHeaders();
 * headers.add("Host", "example.com");
 * connection.writeHeaders(new RequestStartLine("GET", "/", "HTTP/1.1"), headers, null, delegate);
 * connection.finish();
 * }</pre>
 */
public final class HTTP1ClientConnection {
  private final IOStream stream;
  private final IOLoop loop;
  private final HTTP1ClientOptions options;
  private final LoopBuffers buffers;
  private final AnswerReceiver answers;
  private LoopFuture<Void> lastWrite;
  private boolean detached;

  /** Speaks HTTP on a stream that is connected, and that belongs to the connection from now on. */
  public HTTP1ClientConnection(IOStream stream, HTTP1ClientOptions options) {
    this.stream = stream;
    this.loop = stream.loop();
    this.options = Objects.requireNonNull(options, "options");
    loop.checkOnLoop("new HTTP1ClientConnection");
    this.buffers = LoopBuffers.OF.get(loop);
    this.lastWrite = LoopFuture.done(loop);
    this.answers = new AnswerReceiver(stream, options);
    answers.start();
  }

  // The request.

  /**
   * Begins an exchange: sends the request line and the headers, and a first piece of the body with
   * them. They are sent as they are; so Host has to be there. The body is framed as they say, by
   * Content-Length or by {@code Transfer-Encoding: chunked}; without either there is none.
   *
   * <p>If the connection has ended, the returned future fails, and so does the exchange.
   *
   * @param first belongs to the connection until the future is done; null for none
   * @param answer called in the present context
   * @throws HTTPOutputException if there can be no such request; nothing was sent then, and the
   *     connection is as it was
   * @throws IllegalStateException if another exchange is under way, or the stream was detached
   */
  public LoopFuture<Void> writeHeaders(
      RequestStartLine startLine,
      HTTPHeaders headers,
      @Nullable ByteBuffer first,
      ClientDelegate answer) {
    loop.checkOnLoop("HTTP1ClientConnection.writeHeaders");
    Objects.requireNonNull(answer, "answer");
    var request = new RequestEncoder(startLine, headers);
    request.checkRoom(first == null ? 0 : first.remaining());
    Context context = loop.context();
    if (answers.ended()) {
      StreamClosedException reason = answers.beginTooLate();
      context.execute(() -> answer.failed(reason));
      return LoopFuture.failed(loop, reason);
    }
    if (!answers.idle()) {
      throw new IllegalStateException(
          detached ? "the stream was detached" : "another exchange is under way");
    }
    answers.begin(new ClientExchange(request, answer, context, options.maxBodySize()));
    OutBytes out = buffers.out();
    request.head(out);
    return send(request, out, first);
  }

  /**
   * Sends a piece of the body, which belongs to the connection until the future is done.
   *
   * @return done when it has left for the transport; fails with StreamClosedException
   * @throws HTTPOutputException if the body becomes longer than announced; the connection is closed
   *     then, and the delegate hears no more
   * @throws IllegalStateException if no exchange was begun, or its request is finished
   */
  public LoopFuture<Void> write(ByteBuffer chunk) {
    loop.checkOnLoop("HTTP1ClientConnection.write");
    Objects.requireNonNull(chunk, "chunk");
    if (isGone()) {
      return gone();
    }
    ClientExchange current = exchange();
    current.pieces++;
    return send(current.request, buffers.out(), chunk);
  }

  /**
   * Ends the request.
   *
   * @return done when all of it has left for the transport; fails with StreamClosedException
   * @throws HTTPOutputException if the body is shorter than announced; the connection is closed
   *     then, and the delegate hears no more
   * @throws IllegalStateException if no exchange was begun, or its request is finished
   */
  public LoopFuture<Void> finish() {
    loop.checkOnLoop("HTTP1ClientConnection.finish");
    if (isGone()) {
      return gone();
    }
    ClientExchange current = exchange();
    OutBytes out = buffers.out();
    try {
      current.request.end(out);
      flush(out);
    } catch (HTTPOutputException | StreamBufferFullException e) {
      abort();
      throw e;
    }
    current.requestSent = lastWrite;
    answers.requestEnded(current);
    return handOut(lastWrite);
  }

  /**
   * Leaves the rest of the request unsent, which nobody wants any more. The answer is still
   * received; the connection closes behind it. Does nothing if the whole request has left, or no
   * exchange is under way.
   */
  public void cutRequest() {
    loop.checkOnLoop("HTTP1ClientConnection.cutRequest");
    ClientExchange current = answers.exchange();
    if (current != null && !current.sent()) {
      current.cut = true;
      answers.requestEnded(current);
    }
  }

  private LoopFuture<Void> send(RequestEncoder request, OutBytes out, @Nullable ByteBuffer chunk) {
    try {
      int length = chunk == null ? 0 : chunk.remaining();
      if (chunk == null || !request.beforePiece(length, out)) {
        flush(out);
      } else if (length <= HTTP1Connection.COPIED) {
        request.afterPiece(out.add(chunk));
        flush(out);
      } else {
        sendLarge(request, out, chunk);
      }
    } catch (HTTPOutputException | StreamBufferFullException e) {
      abort();
      throw e;
    }
    return handOut(lastWrite);
  }

  /** Without copying the piece; its last bytes leave with what comes behind them. */
  private void sendLarge(RequestEncoder request, OutBytes out, ByteBuffer chunk) {
    if (!request.framesPieces()) {
      lastWrite = out.writeTo(stream, chunk);
      return;
    }
    int split = chunk.limit() - HTTP1Connection.TAIL;
    lastWrite = out.writeTo(stream, chunk.slice(chunk.position(), split - chunk.position()));
    request.afterPiece(out.clear().add(chunk.slice(split, HTTP1Connection.TAIL)));
    flush(out);
  }

  private void flush(OutBytes out) {
    if (!out.isEmpty()) {
      lastWrite = out.writeTo(stream);
    }
  }

  /** A caller may cancel what it gets or give it a time limit; the connection's own stays true. */
  private static LoopFuture<Void> handOut(LoopFuture<Void> written) {
    return written.isDone() ? written : (LoopFuture<Void>) written.copy();
  }

  private boolean isGone() {
    return stream.closed() && !detached;
  }

  private LoopFuture<Void> gone() {
    return LoopFuture.failed(loop, new StreamClosedException(stream.error()));
  }

  private ClientExchange exchange() {
    ClientExchange current = answers.exchange();
    if (current == null) {
      throw new IllegalStateException("no exchange is under way");
    }
    return current;
  }

  // The answer.

  /**
   * Changes the limit of the body of this exchange's answer, at the latest in {@code
   * headersReceived}.
   */
  public void setMaxBodySize(long bytes) {
    loop.checkOnLoop("HTTP1ClientConnection.setMaxBodySize");
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBodySize " + bytes + " is negative");
    }
    exchange().maxBodySize = bytes;
  }

  /**
   * Says, at the latest in {@code headersReceived}, that {@code dataReceived} is to get the body of
   * this exchange's answer in one piece if its length is known, whatever the size of pieces is
   * otherwise: who wants all of it saves a copy.
   */
  public void setWholeBody() {
    loop.checkOnLoop("HTTP1ClientConnection.setWholeBody");
    exchange().whole = true;
  }

  /**
   * Says right after {@link #writeHeaders} whether the answer is inflated if its Content-Encoding
   * is gzip. It then has X-Consumed-Content-Encoding instead, and no Content-Length.
   */
  public void setDecompress(boolean on) {
    loop.checkOnLoop("HTTP1ClientConnection.setDecompress");
    exchange().decompress = on;
  }

  /**
   * Whether the whole answer of this exchange is here, and only its request has not left. {@link
   * #cutRequest} ends the exchange then, with that answer.
   */
  public boolean answeredEarly() {
    loop.checkOnLoop("HTTP1ClientConnection.answeredEarly");
    return answers.sending();
  }

  /**
   * Whether a byte of an answer to the last request has come. As long as none has, a connection
   * that ends may have ended before the request reached the server.
   */
  public boolean answered() {
    loop.checkOnLoop("HTTP1ClientConnection.answered");
    return answers.answered();
  }

  // The connection.

  /**
   * Whether an exchange can begin: there was none yet, or the last one has ended in order on both
   * sides, which both want to go on, and nothing has come since.
   */
  public boolean reusable() {
    loop.checkOnLoop("HTTP1ClientConnection.reusable");
    return answers.idle();
  }

  /**
   * Calls back, once, in the present context, when the server closes the idle connection or says
   * something unasked, which closes it as well. Replaces an earlier callback; forgotten when an
   * exchange begins.
   */
  public void onIdleClose(Runnable callback) {
    loop.checkOnLoop("HTTP1ClientConnection.onIdleClose");
    Context context = loop.context();
    answers.onIdleClose(() -> context.run(callback));
  }

  /**
   * Ends HTTP on this connection and hands over the stream, which belongs to the caller from then
   * on. What has arrived behind the head is read from it. Called in {@code headersReceived} of an
   * answer 101, or of a success of CONNECT.
   *
   * @throws IllegalStateException anywhere else
   */
  public IOStream detach() {
    loop.checkOnLoop("HTTP1ClientConnection.detach");
    IOStream handedOver = answers.detach();
    detached = true;
    return handedOver;
  }

  /** Closes the connection. The delegate of an exchange that is under way hears no more. */
  public void abort() {
    loop.checkOnLoop("HTTP1ClientConnection.abort");
    answers.end();
  }

  /** The stream, for what it is connected to; reading, writing and closing are not the caller's. */
  public IOStream stream() {
    return stream;
  }
}
