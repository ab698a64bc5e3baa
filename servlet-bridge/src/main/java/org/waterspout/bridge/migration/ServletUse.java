// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.scan.ClassFacts;

/**
 * Counts the classes that use one servlet API or the other, by the names in their constant pools.
 * The classes of the APIs themselves, which many a WAR carries along, do not count. Confined to one
 * thread.
 */
final class ServletUse {
  private static final String JAVAX = "javax/servlet/";
  private static final String JAKARTA = "jakarta/servlet/";

  private int javax;
  private int jakarta;

  /** Null as long as no class uses javax. */
  private @Nullable String firstJavax;

  /** Reads all class files below a directory, which may not exist. */
  void addClasses(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        if (isClass(name) && Files.isRegularFile(file)) {
          try (InputStream in = Files.newInputStream(file)) {
            add(name, ClassFacts.bytes(in), "");
          }
        }
      }
    }
  }

  /** Reads all class files of libraries; what is no jar holds no classes. */
  void addLibraries(List<Path> jars) {
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile(), false)) {
        Enumeration<JarEntry> entries = file.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          if (isClass(entry.getName())) {
            try (InputStream in = file.getInputStream(entry)) {
              add(entry.getName(), ClassFacts.bytes(in), jar.getFileName() + "!/");
            }
          }
        }
      } catch (IOException e) {
        // Whoever loads the classes reports it: here, what can be read has been counted.
      }
    }
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.startsWith(JAVAX) && !name.startsWith(JAKARTA);
  }

  private void add(String name, byte[] classFile, String place) {
    boolean usesJavax = false;
    boolean usesJakarta = false;
    try {
      for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
        if (entry instanceof ClassEntry type) {
          String used = type.asInternalName();
          usesJavax |= used.contains(JAVAX);
          usesJakarta |= used.contains(JAKARTA);
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return; // not a class file, or one of a newer Java
    }
    if (usesJavax) {
      javax++;
      if (firstJavax == null) {
        firstJavax = place + name;
      }
    }
    if (usesJakarta) {
      jakarta++;
    }
  }

  /** Whether some classes use one of them, and none the other. */
  boolean isClear() {
    return (javax == 0) != (jakarta == 0);
  }

  boolean isMixed() {
    return javax > 0 && jakarta > 0;
  }

  boolean isMostlyJavax() {
    return javax > jakarta;
  }

  /** A class that uses javax; null if none does. */
  @Nullable String firstJavax() {
    return firstJavax;
  }
}
