// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.EnumSet;
import java.util.Set;
import org.waterspout.http.Capability;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;
import org.waterspout.web.testing.ApplicationExtension;

/** An application on a loop of its own, which JUnit's extension starts and stops. */
record NativeDeployment(ApplicationExtension app) implements Deployment {
  @Override
  public int port() {
    return app.port();
  }

  @Override
  public String name() {
    return "native";
  }

  @Override
  public String column() {
    return "native";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public AutoCloseable expectLog(String regex) {
    return new ExpectLog(Log.APPLICATION, regex);
  }

  @Override
  public void close() {}
}
