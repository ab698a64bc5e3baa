// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.ResponseStartLine;

/**
 * Gets the head of an answer before its body comes, on the loop. It may await; no more is read
 * meanwhile. What it throws ends the request, and is what the fetch fails with. Tornado: {@code
 * header_callback}.
 */
@FunctionalInterface
public interface HeaderCallback {
  /** The head of the final answer: none that is followed elsewhere or answered by credentials. */
  void headersReceived(ResponseStartLine startLine, HTTPHeaders headers) throws Exception;
}
