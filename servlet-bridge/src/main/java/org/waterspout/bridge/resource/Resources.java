// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;
import org.waterspout.bridge.mapping.SuspiciousPathException;
import org.waterspout.log.Log;

/**
 * The resources of a WAR: its own files before those of its libraries, the libraries in their
 * order. What clients may not see is theirs to ask: everything is found here, WEB-INF too.
 *
 * <p>Paths are taken from applications: decoded, with a leading slash. One that leads out of the
 * application is the path of nothing. Closed when the application has ended. Safe for all threads.
 */
public final class Resources implements AutoCloseable {
  private final PathGuard guard;
  private final List<JarRoot> libraries;

  private Resources(PathGuard guard, List<JarRoot> libraries) {
    this.guard = guard;
    this.libraries = List.copyOf(libraries);
  }

  /**
   * Opens the resources of a WAR.
   *
   * @param root its directory
   * @param jars its libraries; those without resources are closed again, those that are no jars are
   *     left out with a line in the log
   * @param outsideLinks whether links may lead out of the directory
   */
  public static Resources open(Path root, List<Path> jars, boolean outsideLinks)
      throws IOException {
    var guard = new PathGuard(root, outsideLinks);
    List<JarRoot> libraries = new ArrayList<>();
    for (Path jar : jars) {
      try {
        JarRoot library = JarRoot.open(jar);
        if (library != null) {
          libraries.add(library);
        }
      } catch (IOException e) {
        Log.GENERAL.log(Level.WARNING, "not a library: " + jar, e);
      }
    }
    return new Resources(guard, libraries);
  }

  /** What is at a path; null if nothing is. */
  public @Nullable Resource find(String path) {
    String canonical = canonical(path);
    if (canonical == null) {
      return null;
    }
    Resource own = own(canonical);
    for (int i = 0; own == null && i < libraries.size(); i++) {
      own = libraries.get(i).find(canonical);
    }
    return own;
  }

  private @Nullable Resource own(String canonical) {
    Path file = guard.existing(canonical);
    if (file == null) {
      return null;
    }
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      // Who opens a pipe waits for somebody to write into it.
      return attributes.isOther() ? null : new FileResource(file, attributes);
    } catch (IOException e) {
      return null; // gone meanwhile
    }
  }

  /**
   * The paths of what is in a directory, those of directories with a slash behind them; null if
   * nothing is.
   */
  public @Nullable Set<String> paths(String directory) {
    String canonical = canonical(directory);
    if (canonical == null) {
      return null;
    }
    String prefix = canonical.endsWith("/") ? canonical : canonical + "/";
    Set<String> paths = new TreeSet<>();
    addOwn(prefix, paths);
    for (JarRoot library : libraries) {
      library.names(prefix).forEach(name -> paths.add(prefix + name));
    }
    return paths.isEmpty() ? null : paths;
  }

  private void addOwn(String prefix, Set<String> paths) {
    Path directory = guard.existing(prefix);
    if (directory == null) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String path = prefix + file.getFileName();
        if (guard.existing(path) != null) {
          paths.add(Files.isDirectory(file) ? path + "/" : path);
        }
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "a directory of the application cannot be listed", e);
    }
  }

  /**
   * Where the file of a path is, or would be if the application wrote it; null if it lies in a
   * library, or if there can be none. A slash at the end is kept.
   */
  public @Nullable String realPath(String path) {
    String canonical = canonical(path.startsWith("/") ? path : "/" + path);
    if (canonical == null) {
      return null;
    }
    Path file = guard.existing(canonical);
    if (file == null) {
      Path place = guard.place(canonical);
      boolean free = place != null && !Files.exists(place) && find(canonical) == null;
      file = free ? place : null;
    }
    if (file == null) {
      return null;
    }
    String end = canonical.endsWith("/") ? file.getFileSystem().getSeparator() : "";
    return file + end;
  }

  private static @Nullable String canonical(String path) {
    try {
      return CanonicalPath.ofApplication(CanonicalPath.encode(path)).path();
    } catch (SuspiciousPathException e) {
      return null;
    }
  }

  @Override
  public void close() {
    for (JarRoot library : libraries) {
      try {
        library.close();
      } catch (IOException e) {
        Log.GENERAL.log(Level.WARNING, "a library could not be closed", e);
      }
    }
  }
}
