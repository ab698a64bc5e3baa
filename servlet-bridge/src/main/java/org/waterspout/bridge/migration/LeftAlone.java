// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds the archives of a WAR that stay as they are: those in which the tool would change nothing,
 * most of whose time they would take, and files that are called archives and are none, at which it
 * would give up.
 */
final class LeftAlone {
  private static final List<String> ARCHIVES = List.of(".jar", ".war", ".ear", ".zip");

  private LeftAlone() {}

  /**
   * The names of such files, without directories.
   *
   * @param renaming what the tool makes of a text
   */
  static Set<String> names(Path root, UnaryOperator<String> renaming) throws IOException {
    Set<String> alone = new HashSet<>();
    Set<String> others = new HashSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = file.getFileName().toString();
        if (isArchive(name)) {
          (changes(file, renaming) ? others : alone).add(name);
        }
      }
    }
    alone.removeAll(others); // the tool knows no more than the name
    return alone;
  }

  private static boolean isArchive(String name) {
    return ARCHIVES.stream().anyMatch(name::endsWith);
  }

  private static boolean changes(Path archive, UnaryOperator<String> renaming) {
    try (var zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (isArchive(entry.getName()) || changes(entry.getName(), renaming)) {
          return true;
        }
        try (InputStream in = zip.getInputStream(entry)) {
          if (changes(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1), renaming)) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      return false; // damaged: whoever needs it says so
    }
  }

  private static boolean changes(String text, UnaryOperator<String> renaming) {
    // Looking for the word first is much faster than the tool's pattern.
    return text.contains("javax") && !renaming.apply(text).equals(text);
  }
}
