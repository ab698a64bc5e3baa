// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/**
 * Bytes inside TLS records over a socket.
 *
 * <p>Handshake messages, alerts and key updates are sent and taken while reading: {@link #read}
 * goes on with whatever the engine needs next. What takes long (keys, certificates) runs in {@link
 * TLSTasks}, and until it is done nothing is read or written. Records are sealed and opened in
 * buffers that all streams of the loop share; the transport keeps only a record that has not
 * arrived whole, and sealed bytes that the socket has not taken.
 */
final class TLSTransport implements Transport {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final IOLoop loop = IOLoop.current();
  private final SocketChannel channel;
  private final SSLEngine engine;
  private final LoopBuffers buffers = LoopBuffers.SEALED_OF_LOOP.get(loop);
  private final ReadBuffer sealed = new ReadBuffer(); // arrived, not opened yet
  private ByteBuffer unsent = NONE; // sealed, not sent yet
  private @Nullable SSLIOStream stream; // null until attached, at once
  private boolean moreSealed; // there was no room for what is in the records that have arrived
  private @Nullable LoopFuture<Boolean> tasks; // while they run or wait for a thread
  private boolean secure; // the first handshake is done
  private boolean peerClosed; // by TLS's own message
  private @Nullable SSLException failure; // behind what has been read, if any

  TLSTransport(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  void attachTo(SSLIOStream owner) {
    stream = owner;
  }

  SSLEngine engine() {
    return engine;
  }

  /** Whether the first handshake is done. */
  boolean isSecure() {
    return secure;
  }

  /** Bytes that were read from the channel before. */
  void prepend(ReadBuffer arrived) throws SSLException {
    if (arrived.size() > LoopBuffers.SIZE) {
      throw new SSLException("more has arrived than TLS begins with");
    }
    sealed.append(arrived.view());
    moreSealed = !sealed.isEmpty();
  }

  void begin() throws SSLException {
    engine.beginHandshake();
  }

  // ---- reading

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (peerClosed) {
      return -1;
    }
    if (tasks != null) {
      return 0;
    }
    throwIfFailed();
    var in = buffers.in.clear();
    in.put(sealed.view());
    sealed.clear();
    boolean ended = !moreSealed && channel.read(in) < 0;
    moreSealed = false;
    in.flip();
    int start = into.position();
    try {
      advance(in, into);
    } catch (SSLException e) {
      failure = e;
      sendAlert();
    }
    sealed.append(in);
    int count = into.position() - start;
    if (count > 0) {
      return count;
    }
    throwIfFailed();
    if (ended && !peerClosed) {
      endOfChannel();
    }
    return peerClosed ? -1 : 0;
  }

  /** What was opened before a bad record is good, and is read before the failure is told. */
  private void throwIfFailed() throws SSLException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Opens records until there are no whole ones left, no room, or something has to come first. */
  private void advance(ByteBuffer in, ByteBuffer into) throws IOException {
    while (!peerClosed) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          startTasks();
          return;
        }
        case NEED_WRAP -> {
          if (!sendHandshake()) {
            moreSealed = in.hasRemaining();
            return;
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
          if (!unwrap(in, into)) {
            return;
          }
        }
      }
    }
  }

  /** False if there is no whole record, or no room for what is in it. */
  private boolean unwrap(ByteBuffer in, ByteBuffer into) throws SSLException {
    if (!in.hasRemaining() && engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP_AGAIN) {
      return false;
    }
    var result = engine.unwrap(in, into);
    noteFinished(result);
    switch (result.getStatus()) {
      case OK -> {
        return true;
      }
      case CLOSED -> peerClosed = true;
      case BUFFER_OVERFLOW -> moreSealed = true;
      case BUFFER_UNDERFLOW -> {}
    }
    return false;
  }

  /** The peer is gone without a word: somebody may have cut what it had to say. */
  private void endOfChannel() throws IOException {
    if (!secure) {
      throw new EOFException("the connection ended during the TLS handshake");
    }
    engine.closeInbound(); // throws
    throw new SSLException("the connection ended before TLS did");
  }

  /** It is one that the peer has signed. */
  @Override
  public boolean endIsSure() {
    return true;
  }

  @Override
  public boolean hasInput() {
    return true;
  }

  @Override
  public boolean hasMore() {
    return (moreSealed || peerClosed || failure != null) && tasks == null && !mustSendFirst();
  }

  // ---- writing

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!secure || tasks != null || !flush()) {
      return 0;
    }
    int start = from.position();
    while (from.hasRemaining() && !unsent.hasRemaining()) {
      var out = buffers.out.clear();
      boolean sealing = true;
      while (sealing && from.hasRemaining()) {
        sealing = seal(from, out);
      }
      if (out.position() == 0) {
        break; // the engine has to take something first
      }
      send(out.flip());
    }
    return from.position() - start;
  }

  /** False if there is no room for a record, or none can be made now. */
  private boolean seal(ByteBuffer from, ByteBuffer out) throws IOException {
    var result = engine.wrap(from, out);
    noteFinished(result);
    if (result.getStatus() == Status.CLOSED) {
      throw new IOException("the peer has ended TLS"); // in order, maybe behind an answer
    }
    return result.getStatus() == Status.OK && result.bytesConsumed() > 0;
  }

  @Override
  public long write(FileChannel file, long position, long count, ByteBuffer out)
      throws IOException {
    out.clear().limit((int) Math.min(count, out.capacity()));
    if (!secure || !flush() || file.read(out, position) <= 0) {
      return 0;
    }
    return write(out.flip());
  }

  private void send(ByteBuffer out) throws IOException {
    channel.write(out);
    if (out.hasRemaining()) {
      unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
    }
  }

  @Override
  public boolean flush() throws IOException {
    if (!unsent.hasRemaining()) {
      return true;
    }
    channel.write(unsent);
    if (unsent.hasRemaining()) {
      return false;
    }
    unsent = NONE;
    return true;
  }

  @Override
  public int unsent() {
    return unsent.remaining();
  }

  // ---- the handshake

  /** Sends what the engine has to say; false if the socket has not taken it all. */
  private boolean sendHandshake() throws IOException {
    if (!flush()) {
      return false;
    }
    var out = buffers.out.clear();
    noteFinished(engine.wrap(NONE, out));
    send(out.flip());
    return !unsent.hasRemaining();
  }

  /** Says why the handshake failed, if the socket takes it at once. */
  private void sendAlert() {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && sendHandshake()) {}
    } catch (IOException ignored) {
      // the failure that is to be told is the one that counts
    }
  }

  private void startTasks() throws SSLException {
    if (secure) {
      throw new SSLException("a renegotiation is not allowed");
    }
    tasks = loop.runInExecutor(TLSTasks.EXECUTOR, this::runTasks);
    var _ = tasks.whenComplete((_, failure) -> tasksRan(failure));
  }

  private boolean runTasks() {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
    return true;
  }

  private void tasksRan(@Nullable Throwable failure) {
    tasks = null;
    var owner = Objects.requireNonNull(stream);
    if (failure != null) {
      owner.close(failure);
    } else if (!owner.closed()) {
      moreSealed = !sealed.isEmpty();
      owner.progress(SelectionKey.OP_READ);
    }
  }

  private void noteFinished(SSLEngineResult result) {
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && !secure) {
      secure = true;
      loop.addCallback(Objects.requireNonNull(stream)::secured);
    }
  }

  /** The engine cannot be asked while its tasks run: it would make the loop wait for them. */
  @Override
  public boolean handshaking() {
    return tasks != null
        || (!peerClosed
            && failure == null
            && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING);
  }

  /** Whether nothing can be read before the socket has taken what is to be sent. */
  private boolean mustSendFirst() {
    return unsent.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  @Override
  public int interest(int wanted) {
    int ops = wanted;
    if (tasks != null || mustSendFirst()) {
      ops = 0;
    } else if (!secure && handshaking()) {
      ops = SelectionKey.OP_READ;
    }
    return unsent.hasRemaining() ? ops | SelectionKey.OP_WRITE : ops;
  }

  // ---- closing

  /** By TLS's own message; the socket's output stays open for answers to what the peer says. */
  @Override
  public void endOutput() throws IOException {
    engine.closeOutbound();
    if (flush()) {
      sendHandshake();
    }
  }

  @Override
  public void close(boolean orderly) throws IOException {
    try (channel) {
      if (tasks == null) { // see handshaking()
        engine.closeOutbound();
      } else {
        tasks.cancel(false); // those that wait for a thread need none any more
      }
      if (orderly && secure && flush()) {
        sendHandshake();
      }
    }
  }
}
