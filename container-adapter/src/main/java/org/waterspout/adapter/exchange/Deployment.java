// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.waterspout.http.Capability;
import org.waterspout.http.MissingCapabilityException;

/**
 * One mode of one container.
 *
 * @param name for messages: "Jetty 12.1.12 (servlet, async)"
 * @param capabilities what an exchange can do there; unmodifiable
 */
public record Deployment(String name, Set<Capability> capabilities) {
  public Deployment {
    var copy = EnumSet.noneOf(Capability.class);
    copy.addAll(capabilities);
    capabilities = Collections.unmodifiableSet(copy);
  }

  /** The same one, which can do more. */
  public Deployment with(Set<Capability> further) {
    var all = EnumSet.copyOf(further);
    all.addAll(capabilities);
    return new Deployment(name, all);
  }

  /**
   * Refuses what an exchange cannot do there.
   *
   * @param method who needs it
   */
  void require(Capability capability, String method) {
    if (!offers(capability)) {
      throw new MissingCapabilityException(capability, method, name);
    }
  }

  /** Whether an exchange can do this there. */
  public boolean offers(Capability capability) {
    return capabilities.contains(capability);
  }
}
