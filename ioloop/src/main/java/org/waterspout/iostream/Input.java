// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;

/**
 * The input of a stream, on its way from the transport to the reader.
 *
 * <pre>
 *   READING   bytes go to the reader as they arrive; what it leaves is kept and offered with more
 *   PAUSED    the reader has something to deliver, or there is none: bytes are read ahead up to
 *             a bound, so that a peer's disappearance is noticed
 * </pre>
 */
final class Input {
  private static final int READ_AHEAD = 64 * 1024; // while paused; then the peer is held back

  private final BaseIOStream stream;
  private final ByteBuffer buffer; // the loop's, for all its streams
  private final ReadBuffer rest = new ReadBuffer();

  private @Nullable StreamReader reader; // null until the first read
  private @Nullable Context readerContext; // where that was; null until then
  private boolean watched; // for the peer's disappearance, though nothing may be read yet
  private boolean paused = true;
  private boolean stepQueued; // a step over the rest is on its way
  private boolean closeReported;
  private boolean ended; // the peer sends no more
  private boolean inOrder; // and has said so

  Input(BaseIOStream stream, ByteBuffer buffer) {
    this.stream = stream;
    this.buffer = buffer;
  }

  boolean endedInOrder() {
    return ended && inOrder;
  }

  /** Whether the peer sends no more, and all that it has sent was taken. */
  boolean done() {
    return ended && rest.isEmpty();
  }

  /** Whether it has ended, and the reader wants the stream to stay open all the same. */
  boolean leavesOpen() {
    return done() && inOrder && !closeReported && reader != null && reader.inputEnded();
  }

  /** Whether a future waits for more, or for the end. */
  boolean awaited() {
    return reader instanceof PendingRead<?> read && !read.result.isDone();
  }

  /** Whether what arrives or has arrived is wanted, although nothing can be written any more. */
  boolean outlivesOutput() {
    return !done() && isAwaitedOrTaken();
  }

  private boolean isAwaitedOrTaken() {
    return awaited() || takesAll();
  }

  private boolean takesAll() {
    return reader != null && reader.takesAll();
  }

  ReadBuffer rest() {
    return rest;
  }

  private int maxSize() {
    return stream.limits().maxBufferSize();
  }

  /** Reads ahead from now on, even before the first read. */
  void watch() {
    watched = true;
  }

  /** Whether bytes that arrive now are of use. */
  boolean wanted() {
    return (reader != null || watched) && !ended && hasRoom();
  }

  private boolean hasRoom() {
    return !paused || rest.size() < Math.min(READ_AHEAD, maxSize());
  }

  // ---- the reader

  /** Whether a reader is being fed that nobody but itself may stop. */
  boolean busy() {
    return reader instanceof PendingRead<?> read
        ? !read.result.isDone()
        : reader != null && !paused;
  }

  boolean reading() {
    return reader instanceof PendingRead<?> read ? !read.result.isDone() : !paused;
  }

  /** What a cancelled read has taken is for the next one. */
  void forgetCancelledRead() {
    if (reader instanceof PendingRead<?> read) {
      rest.prepend(read.takeBack());
    }
  }

  void setReader(StreamReader next) {
    reader = next;
    readerContext = stream.loop().context();
    closeReported = false; // what was said to the reader before is unknown to this one
    paused = true;
    if (isBroken()) {
      closeBehindReads();
    }
  }

  /** Gives a read what is there already; true if that is enough for it. */
  boolean takeFromRest(PendingRead<?> read) {
    if (!read.mayProceedAtOnce() || isBroken()) {
      return false;
    }
    var view = rest.view();
    var enough = read.received(view);
    rest.keep(view);
    if (enough) {
      read.proceed();
      closeIfAllIsTaken();
    }
    return enough;
  }

  /** An end that came while something was left to take. */
  private void closeIfAllIsTaken() {
    if (ended && rest.isEmpty() && !stream.closed()) {
      stream.loop().addCallback(stream::close);
    }
  }

  void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    if (!rest.isEmpty() || (ended && !stream.closed())) {
      queueStep();
    } else if (stream.closed()) {
      reportClose();
    }
  }

  private void queueStep() {
    if (!stepQueued) {
      stepQueued = true;
      callReaderLater(this::stepOverRest);
    }
  }

  /** Offers the kept bytes to the reader. */
  private void stepOverRest() {
    stepQueued = false;
    if (!paused && !closeReported) {
      offerRest();
      closeIfFull();
    }
    stream.updateInterest();
  }

  private void offerRest() {
    if (!rest.isEmpty()) {
      var view = rest.view();
      offer(view);
      rest.keep(view);
    }
    if (stream.closed()) {
      reportCloseAfterLastStep();
    } else if (ended) {
      closeAfterLastStep();
    }
  }

  /** To a reader that began after the close, and was given what was kept. */
  private void reportCloseAfterLastStep() {
    if (!paused) {
      reportClose();
    }
  }

  private void closeAfterLastStep() {
    if (!paused || rest.isEmpty()) {
      closeBehindReader();
    }
  }

  /** A reader's proceed, and what it and its last step have queued, come first. */
  private void closeBehindReader() {
    if (reader == null || reader instanceof PendingRead<?>) {
      stream.closeBehindOutput();
    } else {
      callReaderLater(() -> callReaderLater(stream::closeBehindOutput));
    }
  }

  private void offer(ByteBuffer bytes) {
    try {
      if (Objects.requireNonNull(reader).received(bytes)) {
        paused = true;
        callReaderLater(reader::proceed);
      }
    } catch (RuntimeException | Error e) {
      stream.close(e); // how much it had taken is unknown: what follows would be misread
      throw e;
    }
  }

  /** Whoever resumes the stream, the reader is called in the context that it was given in. */
  private void callReaderLater(Runnable callback) {
    Objects.requireNonNull(readerContext).execute(callback);
  }

  // ---- behind a broken output

  private boolean isBroken() {
    return !stream.closed() && !stream.takesOutput();
  }

  /** Nothing can be written any more: the stream closes once nobody reads on. */
  void closeBehindReads() {
    if (reader instanceof PendingRead<?> read) {
      var _ = read.result.whenComplete((value, failure) -> closeUnlessReadOn(read));
    } else {
      closeUnlessReadOn(reader);
    }
  }

  /** A write was refused. Whoever writes, and does not read, is to see the stream closed. */
  void noteRefusal() {
    if (isBroken() && !isAwaitedOrTaken()) {
      closeUnlessReadOn(reader);
    }
  }

  /** Whoever has just been given something gets the chance to read on. */
  private void closeUnlessReadOn(@Nullable StreamReader last) {
    var loop = stream.loop();
    loop.addCallback(() -> loop.addCallback(() -> closeIfUnread(last)));
  }

  @SuppressWarnings("ReferenceEquality") // another reader gets its own chance
  private void closeIfUnread(@Nullable StreamReader last) {
    if (reader == last && isBroken() && !isAwaitedOrTaken()) {
      stream.close();
    }
  }

  // ---- what arrives

  /** Reads what the transport has, once. */
  void readable() {
    if (ended || !hasRoom()) {
      return;
    }
    var in = buffer.clear();
    int count;
    try {
      count = stream.transport.read(in);
    } catch (IOException e) {
      broke(e);
      return;
    }
    if (count < 0) {
      end();
    } else if (count > 0) {
      arrived(in.flip());
    }
  }

  /** Nothing more can be read. What has arrived is for a reader that wants it. */
  private void broke(IOException reason) {
    if (takesAll() && !rest.isEmpty() && (paused || stepQueued)) {
      ended = true;
      stream.closeBehindInput(reason);
    } else {
      stream.close(reason);
    }
  }

  private void arrived(ByteBuffer in) {
    if (paused || stepQueued) {
      rest.append(in);
    } else if (rest.isEmpty()) {
      offer(in);
      if (!stream.closed()) {
        rest.append(in);
      }
    } else {
      rest.append(in);
      offerRest();
    }
    closeIfFull();
  }

  /** If all that may be kept is not enough for the reader. */
  private void closeIfFull() {
    if (!paused && !stepQueued && !stream.closed() && rest.size() > maxSize()) {
      closeAndForget(
          new StreamBufferFullException("more than " + maxSize() + " bytes wait to be read"));
    }
  }

  /**
   * Closes the stream, for which what is kept is of no use. On a closed one it is left to reads
   * that are content with it.
   */
  void closeAndForget(RuntimeException reason) {
    if (!stream.closed()) {
      rest.clear();
      stream.close(reason);
    }
  }

  /** The peer sends no more. That closes the stream once all it has sent was taken. */
  private void end() {
    ended = true;
    inOrder = stream.error() == null || stream.transport.endIsSure();
    if (!inOrder && !takesAll()) {
      stream.close(); // reads are given what is kept all the same
    } else if (rest.isEmpty()) {
      closeBehindReader();
    } else if (!paused) {
      queueStep();
    }
  }

  /** The stream was closed. Reads can still be given what is kept. */
  void closed() {
    if (reader != null && !(reader instanceof PendingRead<?>)) {
      rest.clear();
    }
    reportClose();
  }

  private void reportClose() {
    if (reader != null && !closeReported) {
      closeReported = true;
      callReaderLater(reader::closed);
    }
  }
}
