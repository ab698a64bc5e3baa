// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.waterspout.http.Capability;

/**
 * What an application loses in a deployment.
 *
 * @param missing the capabilities that the deployment does not offer, in the order of the enum
 * @param losses the places in the application that use one of them
 * @param unknown the routes whose handlers' class is only known once one has been made; they are
 *     checked then
 */
public record CapabilityReport(
    List<Capability> missing, List<CapabilityUse> losses, List<String> unknown) {
  public CapabilityReport {
    missing = List.copyOf(missing);
    losses = List.copyOf(losses);
    unknown = List.copyOf(unknown);
  }

  static CapabilityReport of(List<Route> routes, Set<Capability> offered) {
    var missing = List.of(Capability.values()).stream().filter(c -> !offered.contains(c)).toList();
    var losses =
        routes.stream()
            .flatMap(route -> route.uses().stream())
            .filter(use -> !offered.contains(use.capability()))
            .toList();
    var unknown =
        routes.stream().filter(r -> r.declaredClass() == null).map(Route::pattern).toList();
    return new CapabilityReport(missing, losses, unknown);
  }

  /** The losses with which a handler does not cope: why a start or a route is refused. */
  public List<CapabilityUse> refusals() {
    return losses.stream().filter(CapabilityUse::required).toList();
  }

  /** The routes that lose something, in order. */
  public List<RouteLosses> routes() {
    var routes = new LinkedHashMap<String, List<CapabilityUse>>();
    losses.forEach(use -> routes.computeIfAbsent(use.route(), _ -> new ArrayList<>()).add(use));
    return routes.entrySet().stream()
        .map(route -> new RouteLosses(route.getKey(), route.getValue()))
        .toList();
  }

  /** The refusals for a person, by capability. */
  String describe(String deployment) {
    var byCapability =
        refusals().stream()
            .collect(
                Collectors.groupingBy(
                    CapabilityUse::capability, TreeMap::new, Collectors.toList()));
    var text = new StringBuilder("This application cannot run in ").append(deployment);
    byCapability.forEach(
        (capability, uses) -> {
          text.append("\n  ").append(capability).append(" is not offered: ");
          text.append(capability.meaning());
          for (CapabilityUse use : uses) {
            text.append("\n    route ").append(use.route()).append(", ").append(use.handler());
            text.append(": ").append(use.where());
          }
        });
    return text.append("\n  Where a handler copes with the loss, say so with @Prefers. To answer")
        .append(" these routes with 501 and serve the others:")
        .append("\n  settings().onMissingCapability(OnMissingCapability.ROUTE)")
        .toString();
  }
}
