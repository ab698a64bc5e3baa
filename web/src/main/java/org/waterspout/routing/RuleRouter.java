// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;

/**
 * Asks rules in order: the first one that matches, and whose target wants the request, gets it.
 * Immutable.
 */
public final class RuleRouter implements Router {
  private final List<Rule> rules;

  /** A router over these rules, in this order. */
  public RuleRouter(Rule... rules) {
    this.rules = List.of(rules);
  }

  /** The rules in order. */
  public List<Rule> rules() {
    return rules;
  }

  @Override
  public @Nullable HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection) {
    for (Rule rule : rules) {
      var arguments = rule.matcher().match(request);
      if (arguments != null) {
        var found = rule.target().findHandler(request, connection, arguments);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  @Override
  public void onClose(Object serverConnection) {
    for (Rule rule : rules) {
      rule.target().onClose(serverConnection);
    }
  }
}
