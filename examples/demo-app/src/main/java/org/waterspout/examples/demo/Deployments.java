// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where this application runs side by side: the ports in the system property {@value #PORTS}, set
 * by whoever starts several deployments. Without it, each deployment knows only itself.
 */
public final class Deployments {
  /** Comma-separated port numbers. */
  public static final String PORTS = "waterspout.demo.ports";

  private Deployments() {}

  static List<Integer> ports() {
    return Stream.of(System.getProperty(PORTS, "").split(","))
        .filter(port -> !port.isBlank())
        .map(Integer::valueOf)
        .toList();
  }

  static boolean includesOrigin(String origin, String hostName) {
    return ports().stream().anyMatch(port -> origin.equals("http://" + hostName + ":" + port));
  }
}
