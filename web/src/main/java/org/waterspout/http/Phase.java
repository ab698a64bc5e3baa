// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/**
 * Where a connection to a server is with its present request.
 *
 * <pre>
 *   HEAD       bytes of a head are awaited
 *     |            complete: startRequest, headersReceived
 *   CALLING    a call of the delegate is parked, or what it returned is not complete
 *     |            the body is wanted: 100 (Continue), limits
 *   BODY       bytes of the body are awaited; each piece goes through CALLING
 *     |            complete: finish
 *   ANSWERING  the request has been delivered, or its rest is of no use; the answer has not left
 *     |            finished, and left for the transport
 *   HEAD again, or CLOSED; or first, if it is the last one,
 *   LEAVING    not all of it has left for the transport
 *   LINGERING  the peer may still be sending: that is thrown away, so that it can read the answer
 * </pre>
 */
enum Phase {
  HEAD,
  CALLING,
  BODY,
  ANSWERING,
  LEAVING,
  LINGERING,
  CLOSED
}
