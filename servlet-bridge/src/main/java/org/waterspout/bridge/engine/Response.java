// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UnsupportedEncodingException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.AbsoluteLocation;
import org.waterspout.bridge.message.ErrorPages;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPStatus;
import org.waterspout.http.HTTPUtil;
import org.waterspout.http.ResponseStartLine;
import org.waterspout.http.WriteLoan;
import org.waterspout.log.Log;

/**
 * One answer, on one thread at a time.
 *
 * <p>Life: open; committed, when status and headers have been sent; finished. {@code sendError}
 * ends it for the application, but the page is written by the engine when the application has
 * returned.
 */
final class Response extends ResponseHead {
  /** An error that the application asked for. */
  record RequestedError(int status, @Nullable String message) {}

  private final WebApp app;
  private final Exchange exchange;
  private final Request request;
  private final ResponseOutput output;
  private final WriteSide side;
  private boolean streamTaken;
  private boolean committed;
  private volatile boolean finished;

  /** A write has failed: something is missing, so nothing may follow. */
  private volatile boolean broken;

  /** Null until a writer is asked for. */
  private @Nullable ResponseWriter encoder;

  /** Null until a writer is asked for. */
  private @Nullable PrintWriter writer;

  /** Asked for the fields behind the body when that ends; null if there are to be none. */
  private @Nullable Supplier<Map<String, String>> trailers;

  /** Null unless sendError was called. */
  private @Nullable RequestedError error;

  Response(WebApp app, Exchange exchange, Request request, StreamCallbacks callbacks) {
    super(app);
    this.app = app;
    this.exchange = exchange;
    this.request = request;
    this.side = new WriteSide(callbacks);
    this.output = new ResponseOutput(this, app.buffers(), side);
  }

  // ---- what the engine asks and does

  /** How its stream writes. */
  WriteSide side() {
    return side;
  }

  /** If its writes are not waited for, ends it and waits for them. */
  void closeIfUnblocked() throws InterruptedException {
    if (!side.unblocked()) {
      return;
    }
    try {
      output.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "not answered in full: {0}", Log.cleaned(e));
    }
    side.block();
  }

  /** Several threads may have it from now on. */
  void share() {
    output.share();
  }

  /** Others answer: what is written is dropped, unless it becomes an error. */
  void leaveToUpgrade() {
    setStatus(SWITCHING);
    output.suspend();
  }

  /** The error that the application asked for, or null. */
  @Nullable RequestedError requestedError() {
    return error;
  }

  /** Whether anybody has asked for the stream or the writer. */
  boolean bodyTaken() {
    return streamTaken || writer != null;
  }

  /** Whether status and headers have left: other than {@link #isCommitted}, not after sendError. */
  boolean headersSent() {
    return committed;
  }

  /** Refuses what would wait on the loop, before anything is changed. */
  void checkMayBlock() {
    if (!side.unblocked()) {
      LoopGuard.check(exchange.connection().loop(), "a blocking write");
    }
  }

  /** Sends a full buffer, or just the headers if they have not been sent. */
  void send(@Nullable ByteBuffer chunk) throws IOException {
    ByteBuffer sent = bodyAllowed() ? chunk : null;
    if (!committed) {
      commit(sent);
    } else if (sent != null) {
      write(writes -> writes.write(sent));
    }
  }

  /** Sends the last buffer and ends the answer. */
  void finish(@Nullable ByteBuffer rest) throws IOException {
    int length = rest == null ? 0 : rest.remaining();
    if (!committed && declaredLength() < 0 && trailers == null && lengthKnown(length)) {
      setLength(length);
    }
    ByteBuffer last = rest != null && rest.hasRemaining() ? rest : null;
    if (last != null || !committed) {
      send(last);
    }
    HTTPHeaders behind = trailerFields();
    write(writes -> finish(writes, behind));
  }

  private void finish(WriteLoan writes, @Nullable HTTPHeaders behind) throws IOException {
    if (behind == null || behind.isEmpty()) {
      writes.finish();
    } else {
      writes.finish(behind);
    }
    finished = true;
    // An answer that did not wait for its request ends it.
    exchange.body().fail();
  }

  /** Null if there are none, as behind a body whose length was declared. */
  private @Nullable HTTPHeaders trailerFields() {
    Map<String, String> given =
        trailers == null || declaredLength() >= 0 ? null : trailers.get(); // may be null too
    if (given == null) {
      return null;
    }
    var fields = new HTTPHeaders();
    given.forEach(
        (name, value) -> {
          if (HTTPUtil.isTrailer(name)) {
            fields.add(name, value);
          }
        });
    return fields;
  }

  /** Nothing written in answer to HEAD does not tell that GET would write nothing. */
  private boolean lengthKnown(int written) {
    return bodyAllowed() && (written > 0 || !request.getMethod().equals("HEAD"));
  }

  private void commit(@Nullable ByteBuffer first) throws IOException {
    if (getStatus() < SC_OK) {
      throw new IllegalStateException(getStatus() + " is not the status of an answer");
    }
    committed = true;
    var line = new ResponseStartLine("HTTP/1.1", getStatus(), HTTPStatus.reason(getStatus()));
    write(writes -> writes.writeHeaders(line, headers(), first));
  }

  private interface Write {
    void to(WriteLoan writes) throws IOException;
  }

  private void write(Write write) throws IOException {
    side.write(() -> writeNow(write));
  }

  private void writeNow(Write write) throws IOException {
    if (broken) {
      throw new ClientGoneException();
    }
    try {
      write.to(exchange.writes());
    } catch (IOException e) {
      broken = true;
      throw asFailedWrite(e);
    }
  }

  /** A stall is an InterruptedIOException by its type, but nobody has interrupted the thread. */
  private static IOException asFailedWrite(IOException failure) {
    return switch (failure) {
      case SocketTimeoutException e -> new ClientGoneException(e);
      case ClientGoneException e -> e;
      case InterruptedIOException e -> e;
      default -> new ClientGoneException(failure);
    };
  }

  /** RFC 9110 section 6.4.1. HEAD is the connection's. */
  private boolean bodyAllowed() {
    return getStatus() != SC_NO_CONTENT && getStatus() != SC_NOT_MODIFIED;
  }

  /** Ends the answer if the application has not. */
  void complete() throws IOException {
    if (encoder != null) {
      encoder.end();
    }
    output.close();
  }

  boolean finished() {
    return finished;
  }

  /** Makes room for an error page: everything goes but cookies and what names no content. */
  void resetForError(int status) {
    error = null;
    trailers = null;
    streamTaken = false;
    writer = null;
    encoder = null;
    output.resume();
    resetHead(status);
  }

  // ---- body

  @Override
  public ServletOutputStream getOutputStream() {
    if (writer != null) {
      throw new IllegalStateException("getOutputStream: getWriter has been called");
    }
    streamTaken = true;
    return output;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter known = writer;
    if (known != null) {
      return known;
    }
    if (streamTaken) {
      throw new IllegalStateException("getWriter: getOutputStream has been called");
    }
    var encoding = new ResponseWriter(output, charset());
    fixCharset();
    encoder = encoding;
    writer = new PrintWriter(encoding);
    return writer;
  }

  private Charset charset() throws UnsupportedEncodingException {
    try {
      return Charset.forName(getCharacterEncoding());
    } catch (IllegalArgumentException e) {
      throw new UnsupportedEncodingException(getCharacterEncoding());
    }
  }

  @Override
  public void setBufferSize(int size) {
    checkNotCommitted("setBufferSize");
    output.setSize(size);
  }

  @Override
  public int getBufferSize() {
    return output.size();
  }

  @Override
  public void flushBuffer() throws IOException {
    output.flush();
  }

  @Override
  public boolean isCommitted() {
    return committed || finished || error != null;
  }

  @Override
  public void resetBuffer() {
    checkNotCommitted("resetBuffer");
    output.resetBuffer();
  }

  @Override
  public void reset() {
    checkNotCommitted("reset");
    output.resetBuffer();
    clearHead();
    trailers = null;
    streamTaken = false;
    writer = null;
    encoder = null;
  }

  // ---- trailers

  /** Of what is given at the end, fields that may not stand behind a body are left out. */
  @Override
  public void setTrailerFields(@Nullable Supplier<Map<String, String>> supplier) {
    checkNotCommitted("setTrailerFields");
    if (request.getProtocol().equals("HTTP/1.0")
        || !exchange.connection().capabilities().contains(Capability.RESPONSE_TRAILERS)) {
      throw new IllegalStateException("setTrailerFields: this answer cannot have trailers");
    }
    trailers = supplier;
  }

  @Override
  public @Nullable Supplier<Map<String, String>> getTrailerFields() {
    return trailers;
  }

  // ---- errors, redirects, links

  @Override
  public void sendError(int status) {
    sendError(status, null);
  }

  @Override
  public void sendError(int status, @Nullable String message) {
    checkNotCommitted("sendError");
    setStatus(status);
    error = new RequestedError(status, message);
    output.suspend();
  }

  /**
   * The location is made absolute, unless the mount is to send it as it is given: RFC 9110 section
   * 10.2.2 has the client resolve it against the URI that it asked for then.
   */
  @Override
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    checkNotCommitted("sendRedirect");
    String safe = FieldValue.location(location);
    if (app.options().absoluteRedirects()) {
      String url = request.getRequestURL().toString();
      safe = AbsoluteLocation.of(url, request.getQueryString(), safe);
    }
    if (clearBuffer) {
      output.resetBuffer();
      setLength(-1);
    }
    setStatus(status);
    setHeader("Location", safe);
    if (clearBuffer) {
      setHeader("Content-Type", "text/html;charset=UTF-8");
      output.write(ErrorPages.redirect(safe).getBytes(StandardCharsets.UTF_8));
    }
    complete();
  }

  @Override
  public String encodeURL(String url) {
    return request.tracking().encode(url);
  }

  @Override
  public String encodeRedirectURL(String url) {
    return request.tracking().encode(url);
  }

  private void checkNotCommitted(String call) {
    if (isCommitted()) {
      throw new IllegalStateException(call + ": the answer is committed");
    }
  }
}
