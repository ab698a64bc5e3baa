// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.waterspout.integration.contract.ContractApplication;

/** The contract on a loop of its own. */
final class NativeContractTest implements ServerContract {
  private static Deployment deployment;

  @BeforeAll
  static void start() throws Exception {
    deployment = new NativeDeployment(new ContractApplication().get());
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
