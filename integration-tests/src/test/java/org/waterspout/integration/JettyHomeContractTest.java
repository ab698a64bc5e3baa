// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract from a WAR that was dropped into a Jetty as it is downloaded. */
final class JettyHomeContractTest {
  @RegisterExtension
  static final ContainerExtension container = ContainerExtension.of(Container.StandAlone.JETTY);

  @Nested
  final class Async implements ServerContract {
    @Override
    public Deployment deployment() {
      return container.async();
    }
  }

  @Nested
  final class Sync implements ServerContract {
    @Override
    public Deployment deployment() {
      return container.sync();
    }
  }
}
