// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.log.Log;

/**
 * Asks rules in order: the first one that matches, and whose target wants the request, gets it.
 * Immutable. Tornado: {@code RuleRouter} and {@code ReversibleRuleRouter}.
 */
public final class RuleRouter implements ReversibleRouter {
  private final List<Rule> rules;
  private final Map<String, Matcher> named = new HashMap<>();

  /** A router over these rules, in this order. Of two with one name the last has it. */
  public RuleRouter(Rule... rules) {
    this.rules = List.of(rules);
    for (Rule rule : rules) {
      String name = rule.name();
      if (name != null && named.put(name, rule.matcher()) != null) {
        Log.GENERAL.log(Level.WARNING, () -> "Two routes are named " + name);
      }
    }
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

  /**
   * Whether a rule is for this request, asked without giving it to anybody. Rules within rules are
   * asked too; any other router, application or mount behind a rule is taken to want what matches.
   * From any thread.
   */
  public boolean matches(HTTPServerRequest request) {
    for (Rule rule : rules) {
      if (rule.matcher().match(request) != null
          && (!(rule.delegate() instanceof RuleRouter within) || within.matches(request))) {
        return true;
      }
    }
    return false;
  }

  /** As {@link ReversibleRouter#named}; its own names come before those of routers within. */
  @Override
  public @Nullable Matcher named(String name) {
    var own = named.get(name);
    if (own != null) {
      return own;
    }
    for (Rule rule : rules) {
      var within = rule.delegate() instanceof ReversibleRouter router ? router.named(name) : null;
      if (within != null) {
        return within;
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
