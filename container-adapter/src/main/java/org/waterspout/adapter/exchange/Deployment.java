// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.waterspout.http.Capability;

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

  /** Whether an exchange can do this there. */
  public boolean offers(Capability capability) {
    return capabilities.contains(capability);
  }
}
