// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rule for the paths that match a pattern; made by {@code Application.url}. Immutable. */
public final class URLSpec extends Rule {
  /**
   * Gives paths to a target.
   *
   * @param pattern see {@link PathMatches}
   */
  public URLSpec(String pattern, RuleTarget target) {
    super(new PathMatches(pattern), target);
  }

  private URLSpec(Matcher matcher, RuleTarget target, @Nullable String name) {
    super(matcher, target, name);
  }

  /** The same rule with a name for {@code reverseUrl}. */
  public URLSpec name(String name) {
    return new URLSpec(matcher(), target(), Objects.requireNonNull(name, "name"));
  }
}
