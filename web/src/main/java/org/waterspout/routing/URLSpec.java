// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerConnectionDelegate;

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

  /** Gives paths to a router, another application or any other delegate. */
  public URLSpec(String pattern, HTTPServerConnectionDelegate delegate) {
    super(new PathMatches(pattern), delegate);
  }

  /** Gives paths to further rules. If none of them wants a request, the next rule is asked. */
  public URLSpec(String pattern, Rule... rules) {
    super(new PathMatches(pattern), rules);
  }

  private URLSpec(Matcher matcher, RuleTarget target, @Nullable String name) {
    super(matcher, target, name);
  }

  @Override
  public URLSpec name(String name) {
    return new URLSpec(matcher(), target(), Objects.requireNonNull(name, "name"));
  }
}
