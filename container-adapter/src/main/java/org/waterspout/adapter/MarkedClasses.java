// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds classes marked {@link ServedInContainer} without loading any, as containers do. */
final class MarkedClasses {
  private static final String MARK = ServedInContainer.class.descriptorString();

  private MarkedClasses() {}

  /**
   * The names of those in folders and jars.
   *
   * @throws IOException if one cannot be read; a file that is no class is passed over
   */
  static List<String> in(List<Path> places) throws IOException {
    var names = new ArrayList<String>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        addFolder(place, names);
      } else {
        try (var jar = FileSystems.newFileSystem(place)) {
          addFolder(jar.getPath("/"), names);
        }
      }
    }
    return names;
  }

  private static void addFolder(Path folder, List<String> names) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".class") && !file.endsWith("module-info.class")) {
          addClass(file, names);
        }
      }
    }
  }

  private static void addClass(Path file, List<String> names) throws IOException {
    try {
      var model = ClassFile.of().parse(Files.readAllBytes(file));
      if (isMarked(model)) {
        names.add(model.thisClass().asInternalName().replace('/', '.'));
      }
    } catch (IllegalArgumentException e) {
      // of another format, or a newer one: no container could load it
    }
  }

  private static boolean isMarked(ClassModel model) {
    return model
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .map(found -> found.annotations().stream())
        .stream()
        .flatMap(annotations -> annotations)
        .anyMatch(annotation -> annotation.className().equalsString(MARK));
  }
}
