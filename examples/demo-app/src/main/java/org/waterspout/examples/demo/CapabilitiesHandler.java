// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.waterspout.http.Capability;

/** What this deployment can do, and what this application loses in it. */
final class CapabilitiesHandler extends DemoHandler {
  @Override
  protected void get() {
    var connection = request().connection();
    var offered = connection.capabilities();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("deployment", connection.deployment());
    answer.put(
        "capabilities",
        Stream.of(Capability.values())
            .map(
                capability ->
                    Map.of(
                        "name", capability.name(),
                        "meaning", capability.meaning(),
                        "offered", offered.contains(capability)))
            .toList());
    answer.put("losses", application().capabilityReport(offered).losses());
    writeJSON(answer);
  }
}
