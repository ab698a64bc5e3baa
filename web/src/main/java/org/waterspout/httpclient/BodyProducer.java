// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

/**
 * Writes the body of a request piece by piece. Tornado: {@code body_producer}.
 *
 * <p>It runs on the loop, as a coroutine: it may await, and should await each write, so that it
 * goes no faster than the server. If the request ends before the body does, its await is cancelled.
 * What it throws ends the request, and is what the fetch fails with.
 *
 * <pre>{@code
 * BodyProducer producer =
 *     body -> {
 *       for (var part : parts) {
 *         await(body.write(part));
 *       }
 *     };
 * }</pre>
 *
 * <p>If the request's headers have a Content-Length, exactly so many bytes must be written;
 * otherwise the body is sent in chunks.
 */
@FunctionalInterface
public interface BodyProducer {
  /** Writes the whole body. */
  void produce(BodyWriter body) throws Exception;

  /**
   * Whether it can be called again, and writes the same then: for redirects that repeat the request
   * with its body, and for digest authentication. Without it those fail.
   */
  default boolean repeatable() {
    return false;
  }
}
