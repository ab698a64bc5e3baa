// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.Context;
import org.waterspout.ioloop.LoopFuture;

/** One request of a client and what is known of its answer. Confined to the loop. */
final class ClientExchange {
  final RequestEncoder request;
  final ClientDelegate receiver;
  final Context context; // of whoever began it
  long maxBodySize;
  boolean decompress;
  boolean whole; // a body of a known length comes in one piece
  @Nullable LoopFuture<Void> requestSent; // null until the request is finished
  int pieces; // of its body that were written behind the head
  boolean cut; // the request will not be finished
  boolean switched; // HTTP ends behind the head
  boolean endless; // the answer ends with the connection
  int status; // 0 until the head of the answer has come
  boolean consumed; // all bytes of the answer were
  boolean keepAlive; // both sides can go on

  ClientExchange(
      RequestEncoder request, ClientDelegate receiver, Context context, long maxBodySize) {
    this.request = request;
    this.receiver = receiver;
    this.context = context;
    this.maxBodySize = maxBodySize;
    this.keepAlive = request.keepAlive();
  }

  /** Whether the whole request has left. */
  boolean sent() {
    return requestSent != null && Stages.succeeded(requestSent);
  }

  /**
   * Whether the request is sent to its end behind the answer: RFC 9110 section 7.5 has it so,
   * unless the server says that it does not want it (RFC 9112 section 9.5).
   */
  boolean isToBeSent() {
    return status < 300 && keepAlive && !cut;
  }

  /**
   * The head of the answer has come.
   *
   * @return the length of the body, as in {@link BodyFraming}
   * @throws HTTPInputException if the answer is refused
   */
  long begin(ResponseHead head) {
    long length = BodyFraming.ofAnswer(head, request.method());
    switched = head.switches(request.method());
    if (head.status() == 101 && !request.asksForUpgrade()) {
      throw new HTTPInputException("another protocol, for which nobody has asked");
    }
    if (switched && !request.ended()) {
      throw new HTTPInputException("another protocol before the request was sent");
    }
    status = head.status();
    consumed = length == 0 && !head.interim();
    endless = length == BodyFraming.UNTIL_CLOSE;
    keepAlive = keepAlive && head.keepAlive() && !endless && !switched;
    return length;
  }
}
