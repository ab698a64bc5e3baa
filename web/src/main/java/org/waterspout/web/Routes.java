// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.routing.Mount;
import org.waterspout.routing.PathArguments;
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

  /**
   * The first of these rules to get a request, or of those within it. Only what decides by itself,
   * such as users' own routers, is asked for a receiver.
   *
   * @return null if none wants it
   */
  static @Nullable Rule ruleFor(List<Rule> rules, HTTPServerRequest request) {
    for (Rule rule : rules) {
      var arguments = rule.matcher().match(request);
      var found = arguments == null ? null : ruleFor(rule, request, arguments);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Rule ruleFor(
      Rule rule, HTTPServerRequest request, PathArguments arguments) {
    return switch (rule.delegate()) {
      case RuleRouter router -> ruleFor(router.rules(), request);
      case Application application -> {
        var within = application.ruleFor(request);
        yield within == null ? rule : within; // it answers with 404
      }
      case Mount _ -> rule;
      case null, default -> takes(rule, request, arguments) ? rule : null;
    };
  }

  private static boolean takes(Rule rule, HTTPServerRequest request, PathArguments arguments) {
    return rule.target() instanceof Route
        || rule.target().findHandler(request, request.connection(), arguments) != null;
  }

  private static Stream<Rule> within(Rule rule) {
    return switch (rule.delegate()) {
      case RuleRouter router -> all(router.rules());
      case Application application -> all(application.rules());
      case null, default -> Stream.of();
    };
  }
}
