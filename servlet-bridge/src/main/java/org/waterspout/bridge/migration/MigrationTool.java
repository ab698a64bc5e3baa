// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.tomcat.jakartaee.EESpecProfiles;
import org.apache.tomcat.jakartaee.Info;
import org.apache.tomcat.jakartaee.Migration;

/**
 * Apache's migration tool: the only class that names it, never loaded where it is missing. One
 * thread at a time.
 */
final class MigrationTool {
  private static final Logger NOISE = Logger.getLogger(Migration.class.getName());

  private static final List<String> ARCHIVES = List.of(".jar", ".war", ".ear", ".zip");

  private MigrationTool() {}

  static String version() {
    return Info.getVersion();
  }

  /** What becomes of the name of a file. */
  static String renamed(String name) {
    return EESpecProfiles.TOMCAT.convert(name);
  }

  /**
   * Converts the content of a directory into another one, libraries included. What is called an
   * archive and is none stays as it is.
   */
  static void convert(Path from, Path to) throws IOException {
    var migration = new Migration();
    damagedArchives(from).forEach(migration::addExclude);
    migration.setEESpecProfile(EESpecProfiles.TOMCAT);
    // Not as a stream: there, entries that are stored and sized behind themselves cannot be read.
    migration.setZipInMemory(true);
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

  /** The names of files that the tool would give up at. */
  private static List<String> damagedArchives(Path from) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = file.getFileName().toString();
        if (ARCHIVES.stream().anyMatch(name::endsWith) && !isArchive(file)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static boolean isArchive(Path file) {
    try (var zip = new ZipFile(file.toFile())) {
      return zip.size() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
