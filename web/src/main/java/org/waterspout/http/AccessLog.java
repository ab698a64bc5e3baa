// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each request to a native server when it is over, whoever answered it: handlers,
 * servlets, or the connection itself. An Application's {@code logFunction} is told of its handlers'
 * requests alone, in every deployment.
 */
@FunctionalInterface
public interface AccessLog {
  /**
   * A request is over: its answer has left for the transport, or never will. On the loop of its
   * connection, at base level. What it throws is logged.
   */
  void log(Entry entry);

  /**
   * A request that is over. A stream that a handler has detached, as WebSockets do, is not the
   * server's any more: there is no entry for it.
   *
   * @param startLine null if the request was refused before its head was understood; what it says
   *     comes from the client, and is to be escaped
   * @param headers null likewise; not to be changed
   * @param context who has asked
   * @param status of the answer; 0 if none was begun
   * @param bytesSent of the answer, with its head; before TLS
   * @param duration from the arrival of the head to now; zero if it was not understood
   * @param whole whether all of the answer has left for the transport
   */
  record Entry(
      @Nullable RequestStartLine startLine,
      @Nullable HTTPHeaders headers,
      ConnectionContext context,
      int status,
      long bytesSent,
      Duration duration,
      boolean whole) {}
}
