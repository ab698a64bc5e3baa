// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;

/** Decides whether a rule is for a request. Immutable. */
public sealed interface Matcher permits AnyMatches, HostMatches, PathMatches, PrefixMatches {
  /** What the groups of the pattern matched; null if the rule is not for this request. */
  @Nullable PathArguments match(HTTPServerRequest request);

  /** What it matches, for messages and reports. */
  String pattern();

  /**
   * A path that this matcher matches with these arguments, see {@link PathMatches}.
   *
   * @throws IllegalArgumentException if there is none
   */
  default String reverse(Object... arguments) {
    throw new IllegalArgumentException("cannot reverse " + pattern());
  }
}
