// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.integration.contract.ContractApplication;
import org.waterspout.web.testing.ApplicationExtension;

/** The contract on a loop of its own. */
final class NativeContractTest implements ServerContract {
  @RegisterExtension
  static final ApplicationExtension app = ApplicationExtension.of(new ContractApplication());

  @Override
  public Deployment deployment() {
    return new NativeDeployment(app);
  }
}
