// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a path in the context to a file below a directory, and nowhere else: not through links
 * that leave it, not by another spelling that the file system takes for the same name, and not into
 * WEB-INF or META-INF by a path that does not say so.
 */
final class PathGuard {
  private static final List<String> PRIVATE = List.of("WEB-INF", "META-INF");

  /** Without links. */
  private final Path root;

  private final boolean outsideLinks;

  /**
   * @param outsideLinks whether links may lead out of the directory
   */
  PathGuard(Path directory, boolean outsideLinks) throws IOException {
    this.root = directory.toRealPath();
    this.outsideLinks = outsideLinks;
  }

  /**
   * The file or directory at a path; null if there is none, or none that may be reached.
   *
   * @param path canonical, with a leading slash; one behind it means a directory
   */
  @Nullable Path existing(String path) {
    Path place = place(path);
    if (place == null) {
      return null;
    }
    try {
      Path real = place.toRealPath();
      boolean inside = real.startsWith(root);
      boolean asSpelled = real.toString().equals(place.toString()) || isSpelledSo(place);
      if (!asSpelled || (!inside && !outsideLinks)) {
        return null;
      }
      if (inside && isPrivate(real) && !isPrivate(place)) {
        return null;
      }
      return path.endsWith("/") && !Files.isDirectory(real) ? null : place;
    } catch (IOException e) {
      return null; // not there, not to be read, a name too long, links in a circle
    }
  }

  /** Where a file at a path is or would be; null if there can be none. */
  @Nullable Path place(String path) {
    Path place = root;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      try {
        Path one = root.getFileSystem().getPath(name);
        if (one.isAbsolute() || one.getRoot() != null || one.getNameCount() != 1 || isDots(name)) {
          return null; // "C:" and its like
        }
        place = place.resolve(one);
      } catch (InvalidPathException e) {
        return null;
      }
    }
    return place;
  }

  private static boolean isDots(String name) {
    return name.equals(".") || name.equals("..");
  }

  /** Whether every name on the way that is not a link is the file's own, letter by letter. */
  private boolean isSpelledSo(Path place) throws IOException {
    Path reached = root;
    for (Path name : root.relativize(place)) {
      Path next = reached.resolve(name);
      Path real = next.toRealPath();
      if (!Files.isSymbolicLink(next) && !name.toString().equals(lastName(real))) {
        return false;
      }
      reached = real;
    }
    return true;
  }

  private static String lastName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private boolean isPrivate(Path below) {
    String first = root.relativize(below).getName(0).toString();
    return PRIVATE.stream().anyMatch(first::equalsIgnoreCase);
  }
}
