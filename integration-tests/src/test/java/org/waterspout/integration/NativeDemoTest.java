// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.examples.demo.DemoApplication;
import org.waterspout.web.testing.ApplicationExtension;

/** The demo on a loop of its own. */
final class NativeDemoTest implements DemoContract {
  @RegisterExtension
  static final ApplicationExtension app = ApplicationExtension.of(new DemoApplication());

  @Override
  public Deployment deployment() {
    return new NativeDeployment(app);
  }
}
