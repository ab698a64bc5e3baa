// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.waterspout.examples.demo.DemoApplication;

/** The demo on a loop of its own. */
final class NativeDemoTest implements DemoContract {
  private static Deployment deployment;

  @BeforeAll
  static void start() throws Exception {
    deployment = new NativeDeployment(new DemoApplication().get());
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
