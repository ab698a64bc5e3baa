// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.tomcat.jakartaee.EESpecProfiles;
import org.apache.tomcat.jakartaee.Info;
import org.apache.tomcat.jakartaee.Migration;

/**
 * Apache's migration tool: the only class that names it, never loaded where it is missing. One
 * thread at a time.
 */
final class MigrationTool {
  private static final Logger NOISE = Logger.getLogger(Migration.class.getName());

  private MigrationTool() {}

  static String version() {
    return Info.getVersion();
  }

  /** What becomes of a text, such as the name of a file. */
  static String renamed(String name) {
    return EESpecProfiles.TOMCAT.convert(name);
  }

  /** Converts the content of a directory into another one, libraries included. */
  static void convert(Path from, Path to) throws IOException {
    Set<String> alone = LeftAlone.names(from, MigrationTool::renamed);
    try {
      convert(from, to, alone, false);
    } catch (IOException | RuntimeException e) {
      // As streams, archives cannot be read whose stored entries have their sizes behind them; in
      // memory they can, but large ones take long.
      convert(from, to, alone, true);
    }
  }

  private static void convert(Path from, Path to, Set<String> alone, boolean inMemory)
      throws IOException {
    var migration = new Migration();
    alone.forEach(migration::addExclude);
    migration.setEESpecProfile(EESpecProfiles.TOMCAT);
    migration.setZipInMemory(inMemory);
    migration.setSource(from.toFile());
    migration.setDestination(to.toFile());
    Level before = NOISE.getLevel();
    if (before == null) {
      NOISE.setLevel(Level.SEVERE); // it has two lines for each library
    }
    try {
      migration.execute();
    } finally {
      NOISE.setLevel(before);
    }
  }
}
