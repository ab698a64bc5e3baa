// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * What a library has under {@code META-INF/resources}. Its list is read once; the jar stays open
 * until it is closed. Safe for all threads.
 */
final class JarRoot implements AutoCloseable {
  private static final String PREFIX = "META-INF/resources/";

  private final JarFile jar;
  private final Path place;

  /** By path in the context, with a leading slash. */
  private final Map<String, JarEntry> files = new HashMap<>();

  /** The names in a directory, those of directories with a slash behind them; by path as above. */
  private final Map<String, Set<String>> directories = new HashMap<>();

  private JarRoot(JarFile jar, Path place) {
    this.jar = jar;
    this.place = place;
  }

  /** Opens a library; null if it has no such directory. */
  static @Nullable JarRoot open(Path place) throws IOException {
    JarFile jar = new JarFile(place.toFile(), false);
    boolean kept = false;
    try {
      JarRoot root = new JarRoot(jar, place);
      root.read();
      kept = !root.directories.isEmpty();
      return kept ? root : null;
    } finally {
      if (!kept) {
        jar.close();
      }
    }
  }

  private void read() {
    Enumeration<JarEntry> entries = jar.entries();
    while (entries.hasMoreElements()) {
      JarEntry entry = entries.nextElement();
      String name = entry.getName();
      if (name.startsWith(PREFIX)) {
        add(name.substring(PREFIX.length() - 1), entry);
      }
    }
  }

  private void add(String path, JarEntry entry) {
    boolean directory = path.endsWith("/");
    String plain = directory ? path.substring(0, path.length() - 1) : path;
    if (!isCanonical(plain)) {
      return; // no path leads there
    }
    if (directory) {
      directories.computeIfAbsent(plain, _ -> new TreeSet<>());
    } else {
      files.put(plain, entry);
    }
    String child = plain;
    String mark = directory ? "/" : "";
    while (!child.isEmpty()) {
      int slash = child.lastIndexOf('/');
      String parent = child.substring(0, slash);
      directories
          .computeIfAbsent(parent, _ -> new TreeSet<>())
          .add(child.substring(slash + 1) + mark);
      child = parent;
      mark = "/";
    }
  }

  private static boolean isCanonical(String path) {
    if (path.isEmpty()) {
      return true;
    }
    return List.of(path.substring(1).split("/", -1)).stream()
        .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
  }

  /** What is at a path with a leading slash; null if nothing is. */
  @Nullable Resource find(String path) {
    boolean wantsDirectory = path.endsWith("/");
    String plain = wantsDirectory ? path.substring(0, path.length() - 1) : path;
    JarEntry entry = wantsDirectory ? null : files.get(plain);
    String name = PREFIX.substring(0, PREFIX.length() - 1) + plain;
    if (entry != null) {
      return new JarResource(jar, place, name, false, entry);
    }
    boolean isDirectory = directories.containsKey(plain);
    return isDirectory
        ? new JarResource(jar, place, name, true, jar.getJarEntry(name + "/"))
        : null;
  }

  /** The names in a directory, those of directories with a slash behind them; empty if none is. */
  Set<String> names(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return directories.getOrDefault(plain, Set.of());
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
