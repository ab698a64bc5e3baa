// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A WAR that a test writes, part by part; a directory until it is packed. */
final class TestWar {
  final Path root;

  TestWar(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root.resolve("WEB-INF"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestWar file(String path, String content) {
    write(root, path, content);
    return this;
  }

  /** A web.xml of today with these elements. */
  TestWar webXml(String elements) {
    return webXml("version='6.1'", elements);
  }

  TestWar webXml(String attributes, String elements) {
    return file("WEB-INF/web.xml", "<web-app " + attributes + ">" + elements + "</web-app>");
  }

  TestWar source(String name, String code) throws IOException {
    return sources(Map.of(name, code));
  }

  /** Compiles into WEB-INF/classes. */
  TestWar sources(Map<String, String> sources) throws IOException {
    Compiled.classes(root.resolve("WEB-INF/classes"), sources);
    return this;
  }

  /** A library with these files and sources. */
  TestWar library(String name, Map<String, String> files, Map<String, String> sources)
      throws IOException {
    Path content = root.resolveSibling(root.getFileName() + "-" + name);
    Files.createDirectories(content);
    files.forEach((path, text) -> write(content, path, text));
    if (!sources.isEmpty()) {
      Compiled.classes(content, sources);
    }
    Compiled.jar(root.resolve("WEB-INF/lib").resolve(name), content);
    return this;
  }

  Path packed() throws IOException {
    return Compiled.jar(root.resolveSibling(root.getFileName() + ".war"), root);
  }

  private static void write(Path directory, String path, String content) {
    try {
      Path file = directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String servlet(String name, String className, String rest) {
    return "<servlet><servlet-name>%s</servlet-name><servlet-class>%s</servlet-class>%s</servlet>"
        .formatted(name, className, rest);
  }

  static String mapping(String name, String pattern) {
    return "<servlet-mapping><servlet-name>%s</servlet-name><url-pattern>%s</url-pattern></servlet-mapping>"
        .formatted(name, pattern);
  }

  static String parameter(String element, String name, String value) {
    return "<%1$s><param-name>%2$s</param-name><param-value>%3$s</param-value></%1$s>"
        .formatted(element, name, value);
  }
}
