// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.http.HttpSession;

/**
 * What a handler does with a session of a mount: {@link ServletContainer#inSession}.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface SessionTask<T> {
  /** Runs off the loop, where it may block; the session is not to be used after it. */
  T run(HttpSession session) throws Exception;
}
