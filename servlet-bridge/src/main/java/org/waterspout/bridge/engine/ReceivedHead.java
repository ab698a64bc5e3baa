// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import org.waterspout.bridge.mapping.RequestTarget;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.RequestStartLine;

/**
 * The head of a request, as the loop has received it.
 *
 * @param target that of the start line, taken apart
 */
record ReceivedHead(RequestStartLine startLine, HTTPHeaders headers, RequestTarget target) {}
