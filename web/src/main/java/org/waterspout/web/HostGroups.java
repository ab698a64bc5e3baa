// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.routing.HostMatches;
import org.waterspout.routing.Matcher;
import org.waterspout.routing.ReversibleRouter;
import org.waterspout.routing.Rule;
import org.waterspout.routing.RuleRouter;

/**
 * An application's rules by host. A request is offered to
 *
 * <ol>
 *   <li>the groups that match its host, in the order in which they were added,
 *   <li>the rules for every host,
 *   <li>the groups that match the default host, if there is one.
 * </ol>
 *
 * <p>Groups may be added from any thread while requests are served: those that are on their way see
 * what there was before.
 */
final class HostGroups implements ReversibleRouter {
  private record Group(HostMatches host, RuleRouter router) {}

  private final RuleRouter everyHost;
  private final @Nullable String defaultHost; // null: none
  private volatile List<Group> groups = List.of();

  HostGroups(RuleRouter everyHost, @Nullable String defaultHost) {
    this.everyHost = everyHost;
    this.defaultHost = defaultHost;
  }

  synchronized void add(HostMatches host, RuleRouter router) {
    var more = new ArrayList<>(groups);
    more.add(new Group(host, router));
    groups = List.copyOf(more);
  }

  /** All rules, without those that stand within others. */
  List<Rule> rules() {
    return routers().flatMap(router -> router.rules().stream()).toList();
  }

  @Override
  public @Nullable HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection) {
    var groups = this.groups;
    var found = groups.isEmpty() ? null : find(groups, request.hostName(), request, connection);
    if (found == null) {
      found = everyHost.findHandler(request, connection);
    }
    if (found == null && defaultHost != null) {
      found = find(groups, defaultHost, request, connection);
    }
    return found;
  }

  /** The rules that are asked about a request, in that order. */
  List<Rule> rulesFor(HTTPServerRequest request) {
    var groups = this.groups;
    if (groups.isEmpty()) {
      return everyHost.rules();
    }
    List<Rule> rules = new ArrayList<>(rulesFor(groups, request.hostName()));
    rules.addAll(everyHost.rules());
    if (defaultHost != null) {
      rules.addAll(rulesFor(groups, defaultHost));
    }
    return rules;
  }

  private static List<Rule> rulesFor(List<Group> groups, String host) {
    return groups.stream()
        .filter(group -> group.host().matches(host))
        .flatMap(group -> group.router().rules().stream())
        .toList();
  }

  /** Whether {@link #findHandler} would find somebody. */
  boolean matches(HTTPServerRequest request) {
    var groups = this.groups;
    return (!groups.isEmpty() && matches(groups, request.hostName(), request))
        || everyHost.matches(request)
        || (defaultHost != null && matches(groups, defaultHost, request));
  }

  private static boolean matches(List<Group> groups, String host, HTTPServerRequest request) {
    return groups.stream()
        .anyMatch(group -> group.host().matches(host) && group.router().matches(request));
  }

  private static @Nullable HTTPMessageDelegate find(
      List<Group> groups, String host, HTTPServerRequest request, HTTPConnection connection) {
    for (Group group : groups) {
      if (group.host().matches(host)) {
        var found = group.router().findHandler(request, connection);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable Matcher named(String name) {
    for (RuleRouter router : routers().toList()) {
      var found = router.named(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  @Override
  public void onClose(Object serverConnection) {
    routers().forEach(router -> router.onClose(serverConnection));
  }

  private Stream<RuleRouter> routers() {
    return Stream.concat(groups.stream().map(Group::router), Stream.of(everyHost));
  }
}
