// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The demo from a packaged WAR in Jetty. */
final class JettyWarDemoTest implements DemoContract {
  private static Deployment deployment;

  @BeforeAll
  static void start() throws Exception {
    deployment = new JettyWarDeployment(ContractWar.demo());
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
