// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.List;
import java.util.stream.Stream;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;
import org.waterspout.routing.RuleTarget;

/** What stands in rules, and in the routers and applications within them. */
final class Routes {
  private Routes() {}

  /**
   * A router over rules whose handlers are an application's own.
   *
   * @throws IllegalStateException if the class of a handler contradicts itself
   */
  static RuleRouter bind(Application application, List<Rule> rules) {
    return new RuleRouter(rules.stream().map(rule -> bind(application, rule)).toArray(Rule[]::new));
  }

  private static Rule bind(Application application, Rule rule) {
    if (rule.target() instanceof HandlerTarget handler) {
      return rule.withTarget(Route.of(application, rule.matcher().pattern(), handler));
    }
    return rule.delegate() instanceof RuleRouter router
        ? rule.withTarget(RuleTarget.of(bind(application, router.rules())))
        : rule;
  }

  /** The handlers' routes. */
  static List<Route> in(List<Rule> rules) {
    return all(rules)
        .map(Rule::target)
        .filter(Route.class::isInstance)
        .map(Route.class::cast)
        .toList();
  }

  /** The applications, and those within them. */
  static List<Application> applicationsIn(List<Rule> rules) {
    return all(rules)
        .map(Rule::delegate)
        .filter(Application.class::isInstance)
        .map(Application.class::cast)
        .toList();
  }

  /** The rules, each followed by those within it. What stands in users' own routers is not seen. */
  static Stream<Rule> all(List<Rule> rules) {
    return rules.stream().flatMap(rule -> Stream.concat(Stream.of(rule), within(rule)));
  }

  private static Stream<Rule> within(Rule rule) {
    return switch (rule.delegate()) {
      case RuleRouter router -> all(router.rules());
      case Application application -> all(application.rules());
      case null, default -> Stream.of();
    };
  }
}
