// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Takes a WAR's JDBC drivers off the JDK's list, which would keep them and their loader for ever.
 * The JDK lets nobody do that but classes of the loader that has the driver: so this one is defined
 * there, and uses nothing but the JDK. Public for the call from outside.
 */
public final class DriverCleanup {
  private DriverCleanup() {}

  /** Takes off those of this class's own loader; returns the names of their classes. */
  @SuppressWarnings("ReferenceEquality") // this loader and no other
  public static List<String> run() throws SQLException {
    List<String> names = new ArrayList<>();
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      if (driver.getClass().getClassLoader() == DriverCleanup.class.getClassLoader()) {
        DriverManager.deregisterDriver(driver);
        names.add(driver.getClass().getName());
      }
    }
    return names;
  }
}
