// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

/**
 * Gets the body of an answer piece by piece, on the loop. It may await; no more is read meanwhile.
 * What it throws ends the request, and is what the fetch fails with. Tornado: {@code
 * streaming_callback}.
 */
@FunctionalInterface
public interface StreamingCallback {
  /** A piece of the body, inflated if that was asked for. The array is the receiver's own. */
  void dataReceived(byte[] chunk) throws Exception;
}
