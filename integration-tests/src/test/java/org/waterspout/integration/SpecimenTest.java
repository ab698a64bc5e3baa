// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The specimen, mounted by us, beside Jetty and Tomcat. */
final class SpecimenTest {
  @Test
  void answersAsJettyOrTomcat() throws Exception {
    var folder = ContractWar.cleanFolder("differential", "specimen");
    var war = SpecimenWar.write(folder);
    var requests = SpecimenRequests.all();
    var differential = new Differential();
    try (var ours = new MountedWars(folder.resolve("work"), Map.of("/x", war))) {
      differential.add("ours", requests.run(ours.port()));
    }
    for (var container : List.of(Container.JETTY_EE11, Container.TOMCAT_11)) {
      var own = ContractWar.cleanFolder("differential", container.toString());
      try (var process = container.start(own, Map.of("/x", war))) {
        differential.add(container.toString(), requests.run(process.port()));
      }
    }
    differential.check(
        Path.of("target", "differential", "specimen.txt"), SpecimenDifferences.EXPLAINED);
  }
}
