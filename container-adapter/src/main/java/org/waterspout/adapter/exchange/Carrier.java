// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.ioloop.LoopFuture;

/**
 * What moves one {@link Exchange}: the streams of a container in one of its modes.
 *
 * <p>The exchange calls its carrier on the loop, {@link #abandon} apart, and no method may block or
 * enter code of the user's. The carrier tells the exchange what happens by the methods below, on
 * the loop too ({@link Exchange#post} brings it there), and each as the last act of a callback,
 * since they may enter the user's code:
 *
 * <pre>
 *   Exchange calls                          the carrier answers, later
 *   readMore                                bodyPiece, or bodyArrived at the end, once
 *   sendHead, then answerQueued ...         takes from Exchange.answer() as fast as it can
 *     ... and behind the last of it           answered; or left, which needs no complete
 *   complete or cut, once; nothing after    nothing more that counts
 *                                           any time: bodyFailed, lost, failed
 * </pre>
 *
 * <p>What is told after the end of the exchange is ignored, so that a carrier need not know who was
 * first. It guards the container's objects itself: they may be touched by nobody after {@code
 * complete} or {@code cut}, or once the container has ended the exchange.
 */
public interface Carrier {
  /**
   * The receiver has taken what came before. The first call begins to read: before it, the client
   * has not been asked for the body. Until the next call nothing is delivered, and little is kept,
   * so that the sender is held back. Not called where the request has no body.
   */
  void readMore();

  /**
   * The start line and headers of the answer, once. They need not leave before {@link
   * #answerQueued}. {@link AnswerHead#fields} tells which of them are the application's to send.
   *
   * @param contentLength of the body, {@link AnswerHead#NO_LENGTH} where it is not announced
   */
  void sendHead(int status, HTTPHeaders headers, long contentLength);

  /**
   * An answer before the answer, in front of {@link #sendHead}. Only where {@link
   * Capability#INFORMATIONAL_ANSWERS} is offered, and not to HTTP/1.0 clients.
   *
   * @param sent to be completed, later, when it has left or could not
   */
  default void sendInformational(int status, HTTPHeaders headers, LoopFuture<Void> sent) {
    throw new IllegalStateException("no informational answers here");
  }

  /**
   * Something was added to {@link Exchange#answer}: bytes, or the end of the answer. What is taken
   * and followed by nothing is flushed to the client.
   */
  void answerQueued();

  /**
   * Answers 101 and goes on by WebSocket, in the place of {@link #sendHead} and all that follows.
   * Only called where the deployment offers it. The upgrade is told what comes of it; {@link #cut}
   * may still come, and has nothing to end once the container has the request back.
   */
  default void upgrade(WebSocketUpgrade upgrade) {
    throw new IllegalStateException("no WebSockets here");
  }

  /** The container has all of the answer: ends the exchange as a whole one. */
  void complete();

  /** Ends the exchange so that the client sees a broken answer, if it sees it at all. */
  void cut();

  /** {@link #cut} when the loop has ended and nothing else will come. From any thread. */
  void abandon();
}
