// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.waterspout.bridge.message.Printable;

/** Reads the name of an entry in an archive: a place below the directory that it is unpacked to. */
final class EntryName {
  private EntryName() {}

  /**
   * Where an entry goes.
   *
   * @throws WarException if the name could lead anywhere else, or could be read in two ways
   */
  static Path resolve(Path directory, String name) {
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    Path resolved = directory;
    for (String segment : path.split("/", -1)) {
      check(name, segment);
      try {
        Path one = directory.getFileSystem().getPath(segment);
        if (one.isAbsolute() || one.getRoot() != null || one.getNameCount() != 1) {
          throw refused(name);
        }
        resolved = resolved.resolve(one);
      } catch (InvalidPathException e) {
        throw refused(name);
      }
    }
    return resolved;
  }

  private static void check(String name, String segment) {
    boolean odd = segment.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c));
    if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || odd) {
      throw refused(name);
    }
  }

  private static WarException refused(String name) {
    return new WarException("the name of an entry leads elsewhere: " + Printable.of(name));
  }
}
