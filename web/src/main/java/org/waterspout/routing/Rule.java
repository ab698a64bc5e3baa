// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerConnectionDelegate;

/** Requests that match go to the target. Immutable. */
public sealed class Rule permits URLSpec {
  private final Matcher matcher;
  private final RuleTarget target;
  private final @Nullable String name;

  /** A rule with any matcher; for paths there is {@link URLSpec}. */
  public Rule(Matcher matcher, RuleTarget target) {
    this(matcher, target, null);
  }

  /** A rule in front of a router, a mount, another application or any other delegate. */
  public Rule(Matcher matcher, HTTPServerConnectionDelegate delegate) {
    this(matcher, RuleTarget.of(delegate));
  }

  /** A rule in front of further rules. If none of them wants a request, the next rule is asked. */
  public Rule(Matcher matcher, Rule... rules) {
    this(matcher, new RuleRouter(rules));
  }

  Rule(Matcher matcher, RuleTarget target, @Nullable String name) {
    this.matcher = Objects.requireNonNull(matcher, "matcher");
    this.target = Objects.requireNonNull(target, "target");
    this.name = name;
  }

  /**
   * A rule that gives everything under a path to a mount.
   *
   * @param prefix empty, or a path that begins with a slash and does not end with one
   */
  public static Rule mount(String prefix, Mount mount) {
    return new Rule(new PrefixMatches(prefix), mount);
  }

  /** A rule that gives everything to a router, another application or any other delegate. */
  public static Rule any(HTTPServerConnectionDelegate delegate) {
    return new Rule(new AnyMatches(), delegate);
  }

  /** Decides which requests. */
  public Matcher matcher() {
    return matcher;
  }

  /** Answers them. */
  public RuleTarget target() {
    return target;
  }

  /** The name for {@code reverseUrl}; null if it has none. */
  public @Nullable String name() {
    return name;
  }

  /** The same rule with a name for {@code reverseUrl}. */
  public Rule name(String name) {
    return new Rule(matcher, target, Objects.requireNonNull(name, "name"));
  }

  /** The same rule in front of another target. */
  public Rule withTarget(RuleTarget target) {
    return new Rule(matcher, target, name);
  }

  /** The router, mount or other delegate behind this rule; null if its target is something else. */
  public @Nullable HTTPServerConnectionDelegate delegate() {
    return target instanceof DelegateTarget(var delegate) ? delegate : null;
  }
}
