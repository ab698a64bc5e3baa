// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.waterspout.http.HTTPServerConnectionDelegate;

/**
 * Something with a life of its own that answers all requests under a path prefix, such as a servlet
 * container.
 *
 * <p>Life: {@link #start} once, requests, {@link #stop} once. It gets the requests whose undecoded
 * path is the prefix or continues it with a slash, and sees the target as it was sent, prefix
 * included.
 */
public interface Mount extends HTTPServerConnectionDelegate {
  /**
   * Makes ready to serve under a prefix. Called before the first request, never on the loop; it may
   * block.
   *
   * @param prefix empty, or a path that begins with a slash and does not end with one: {@code
   *     /legacy}
   */
  void start(String prefix) throws Exception;

  /**
   * Ends what {@link #start} began. Called after the last request has begun, never on the loop; it
   * may block until running requests have ended.
   */
  void stop();
}
