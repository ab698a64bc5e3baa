// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.waterspout.http.Capability;

/** Where an application is served, be it within others. Callable from any thread. */
final class Deployments {
  /** One that has begun. */
  record Deployment(String name, Set<Capability> offered) {}

  private final List<Deployment> own = new CopyOnWriteArrayList<>();
  private final List<Deployments> outer = new CopyOnWriteArrayList<>();
  private int users; // of own, guarded by this

  synchronized void begin(Deployment deployment) {
    own.add(deployment);
    users++;
  }

  /** One of them is over. Which one is not known: all count until the last is. */
  synchronized void end() {
    if (users > 0 && --users == 0) {
      own.clear();
    }
  }

  /** The application stands within another one. */
  void addOuter(Deployments deployments) {
    outer.add(deployments);
  }

  Stream<Deployment> all() {
    return Stream.concat(own.stream(), outer.stream().flatMap(Deployments::all));
  }
}
