// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.waterspout.http.Capability;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;

/** The contract's application in a container without servlets, by an adapter for that one. */
abstract class CoreDeployment implements Deployment, BeforeAllCallback, AfterAllCallback {
  private static final Set<Capability> NOT_THERE =
      EnumSet.of(
          Capability.DETACH,
          Capability.CLOSE_DETECTION,
          Capability.RAW_REQUEST_TARGET,
          Capability.WRITE_LOAN);

  private final String name;
  private final String column;
  private final Set<Capability> capabilities;

  /**
   * One that offers all but what no container gives.
   *
   * @param lost what this one does not give either
   */
  CoreDeployment(String name, String column, Capability lost) {
    this.name = name;
    this.column = column;
    this.capabilities = EnumSet.complementOf(EnumSet.copyOf(NOT_THERE));
    this.capabilities.remove(lost);
  }

  abstract void start() throws Exception;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    close();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String column() {
    return column;
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public AutoCloseable expectLog(String regex) {
    return new ExpectLog(Log.APPLICATION, regex);
  }
}
