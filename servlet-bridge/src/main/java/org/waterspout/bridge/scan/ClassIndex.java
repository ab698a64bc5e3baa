// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.scan;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Printable;
import org.waterspout.log.Log;

/**
 * The classes of a WAR, by name. Of two of one name the first counts, as it does for the class
 * loader. What cannot be read is left out, with one line in the log for each place: a library may
 * carry classes for a newer Java.
 */
public final class ClassIndex {
  /** A class and the directory or jar where it is. */
  public record Found(ClassFacts facts, Path place) {}

  private final Map<String, Found> byName = new LinkedHashMap<>();
  private Path place = Path.of("");

  /** Of the place that is being read. */
  private int unread;

  private @Nullable String unreadExample;

  private ClassIndex() {}

  /**
   * Reads all class files.
   *
   * @param places directories and jars, in the order of the class loader
   * @throws IOException if a directory cannot be read; a jar that is none is left out with a line
   */
  public static ClassIndex of(List<Path> places) throws IOException {
    var index = new ClassIndex();
    for (Path place : places) {
      index.read(place);
    }
    return index;
  }

  private void read(Path place) throws IOException {
    this.place = place;
    unread = 0;
    if (Files.isDirectory(place)) {
      readDirectory();
    } else {
      readJar();
    }
    if (unread > 0) {
      Log.GENERAL.log(
          Level.INFO,
          "{0}: {1} class files cannot be read and are not looked at, such as {2}",
          place,
          unread,
          String.valueOf(unreadExample));
    }
  }

  private void readDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = place.relativize(file).toString().replace('\\', '/');
        if (isClass(name) && Files.isRegularFile(file)) {
          try (InputStream in = Files.newInputStream(file)) {
            add(name, ClassFacts.bytes(in));
          }
        }
      }
    }
  }

  private void readJar() {
    try (JarFile jar = new JarFile(place.toFile(), false)) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (isClass(entry.getName())) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(entry.getName(), ClassFacts.bytes(in));
          }
        }
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "not a library, or a damaged one: " + place, e);
    }
  }

  /** The ones for certain versions of Java stand in for those that are found anyway. */
  private static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.endsWith("module-info.class")
        && !name.endsWith("package-info.class")
        && !name.startsWith("META-INF/");
  }

  private void add(String name, byte[] classFile) {
    try {
      ClassFacts facts = ClassFacts.of(classFile);
      byName.putIfAbsent(facts.name(), new Found(facts, place));
    } catch (IllegalArgumentException e) {
      unread++;
      unreadExample = Printable.of(name);
    }
  }

  /** The same without the classes of other places. */
  public ClassIndex within(Set<Path> places) {
    var part = new ClassIndex();
    byName.forEach(
        (name, found) -> {
          if (places.contains(found.place())) {
            part.byName.put(name, found);
          }
        });
    return part;
  }

  /** A class of the WAR; null if it has none of that name. */
  public @Nullable ClassFacts find(String name) {
    Found found = found(name);
    return found == null ? null : found.facts();
  }

  /** The same, with its place. */
  public @Nullable Found found(String name) {
    return byName.get(name);
  }

  /** All classes, in the order of their places. */
  public List<Found> all() {
    return List.copyOf(byName.values());
  }

  /** The classes of one place. */
  public List<Found> at(Path wanted) {
    return byName.values().stream().filter(found -> found.place().equals(wanted)).toList();
  }

  /** The classes that have an annotation of a type themselves. */
  public List<Found> annotated(String type) {
    return byName.values().stream()
        .filter(found -> found.facts().annotation(type) != null)
        .toList();
  }
}
