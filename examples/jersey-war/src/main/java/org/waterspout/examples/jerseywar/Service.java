// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.jerseywar;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Everything below /api: Jersey finds it by its ServletContainerInitializer. */
@ApplicationPath("api")
public final class Service extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Set.of(Resources.class);
  }
}
