// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.waterspout.bridge.message.Printable;

/**
 * What a conversion has changed, found by comparison of what was there and what is there now.
 *
 * @param files how many there are
 * @param changes of all files, those in libraries included
 * @param lines one for each file that was changed, one for each library with changes in it
 */
record MigrationReport(int files, Changes changes, List<String> lines) {
  MigrationReport {
    lines = List.copyOf(lines);
  }

  /**
   * Compares two directories.
   *
   * @param renaming what the tool makes of names of files
   */
  static MigrationReport compare(Path before, Path after, UnaryOperator<String> renaming)
      throws IOException {
    var changes = new Changes();
    List<String> lines = new ArrayList<>();
    int files = 0;
    try (Stream<Path> all = Files.walk(before)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
        files++;
        String name = before.relativize(file).toString();
        String renamed = renaming.apply(name);
        Path now = after.resolve(renamed);
        if (renamed.equals(name) && Files.mismatch(file, now) < 0) {
          continue;
        }
        if (name.endsWith(".jar")) {
          Changes inside = compareJars(file, now, renaming);
          if (!inside.isEmpty()) {
            changes.addAll(inside);
            lines.add(Printable.of(name) + ": " + inside);
          }
        } else {
          changes.add(Changes.Kind.of(name));
          lines.add(
              Printable.of(name) + (renamed.equals(name) ? "" : " -> " + Printable.of(renamed)));
        }
      }
    }
    return new MigrationReport(files, changes, lines);
  }

  private static Changes compareJars(Path before, Path after, UnaryOperator<String> renaming)
      throws IOException {
    var changes = new Changes();
    Map<String, Long> now = checksums(after);
    checksums(before)
        .forEach(
            (name, checksum) -> {
              Long changed = now.get(renaming.apply(name));
              if (changed == null) {
                changes.add(Changes.Kind.SIGNATURE);
              } else if (!changed.equals(checksum) || !renaming.apply(name).equals(name)) {
                changes.add(Changes.Kind.of(name));
              }
            });
    return changes;
  }

  private static Map<String, Long> checksums(Path jar) throws IOException {
    Map<String, Long> checksums = new HashMap<>();
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        if (!entry.isDirectory()) {
          checksums.put(entry.getName(), entry.getCrc());
        }
      }
    }
    return checksums;
  }
}
