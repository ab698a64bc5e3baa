// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract from a packaged WAR in Jetty. */
final class JettyWarContractTest implements ServerContract {
  private static Deployment deployment;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    deployment = new JettyWarDeployment(ContractWar.assemble(directory));
  }

  @AfterAll
  static void stop() throws Exception {
    deployment.close();
  }

  @Override
  public Deployment deployment() {
    return deployment;
  }
}
