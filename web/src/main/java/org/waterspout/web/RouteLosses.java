// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a route loses in a deployment.
 *
 * @param route its pattern
 * @param uses at least one
 */
public record RouteLosses(String route, List<CapabilityUse> uses) {
  public RouteLosses {
    uses = List.copyOf(uses);
  }

  /** Whether the handler does not cope. */
  public boolean isRefused() {
    return uses.stream().anyMatch(CapabilityUse::required);
  }

  /** Why it is refused; if it is not, what its handler does without. */
  public List<CapabilityUse> decisive() {
    return uses.stream().filter(use -> use.required() == isRefused()).toList();
  }

  /**
   * In one line: {@code route /a is answered with 501: no DETACH (a.Handler: get() calls detach)}.
   */
  @Override
  public String toString() {
    String outcome = isRefused() ? " is answered with 501: no " : " does without ";
    return "route "
        + route
        + outcome
        + decisive().stream()
            .map(use -> use.capability() + " (" + use.handler() + ": " + use.where() + ")")
            .collect(Collectors.joining(", "));
  }
}
