// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;

/**
 * Decides whether a rule is for a request. Write your own where a rule depends on something other
 * than host and path; it is called on all loops that serve the rule, and, in front of another web
 * application, on the container's threads. It decides at once.
 *
 * <pre>{@code
 * new Rule(
 *     request -> request.headers().contains("X-Beta") ? PathArguments.NONE : null,
 *     url("/", BetaHandler::new))
 * }</pre>
 */
@FunctionalInterface
public interface Matcher {
  /** What the groups of the pattern matched; null if the rule is not for this request. */
  @Nullable PathArguments match(HTTPServerRequest request);

  /** What it matches, for messages and reports. */
  default String pattern() {
    return getClass().getSimpleName();
  }

  /**
   * A path that this matcher matches with these arguments, see {@link PathMatches}.
   *
   * @throws IllegalArgumentException if there is none
   */
  default String reverse(Object... arguments) {
    throw new IllegalArgumentException("cannot reverse " + pattern());
  }
}
