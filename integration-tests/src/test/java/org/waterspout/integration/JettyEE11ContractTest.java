// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract from a WAR in {@link Container#JETTY_EE11}. */
final class JettyEE11ContractTest {
  @RegisterExtension
  static final ContainerExtension container = ContainerExtension.of(Container.JETTY_EE11);

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

  @Nested
  final class InFilter implements ServerContract {
    @Override
    public Deployment deployment() {
      return container.filter();
    }
  }

  @Nested
  final class InSyncFilter implements ServerContract {
    @Override
    public Deployment deployment() {
      return container.filterSync();
    }
  }
}
