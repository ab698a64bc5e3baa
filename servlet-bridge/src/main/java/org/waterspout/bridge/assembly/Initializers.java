// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.annotation.HandlesTypes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.Initializer;
import org.waterspout.bridge.scan.AnnotationFacts;
import org.waterspout.bridge.scan.ClassFacts;
import org.waterspout.bridge.scan.HandledTypes;
import org.waterspout.bridge.war.WarException;
import org.waterspout.log.Log;

/**
 * Finds the initializers of a WAR and the classes that they want to know of, Servlet 6.1 section
 * 8.2.4: those of its classes and its libraries, then those of the host that the WAR can see.
 */
final class Initializers {
  private final Assembly assembly;
  private final ClassLoader loader;
  private final ClassLoader host;

  Initializers(Assembly assembly, ClassLoader loader, ClassLoader host) {
    this.assembly = assembly;
    this.loader = loader;
    this.host = host;
  }

  /**
   * Makes them all, in their order.
   *
   * @throws WarException if one of the WAR's own cannot be made
   */
  List<Initializer> find() throws IOException {
    Map<String, Class<?>> types = new LinkedHashMap<>();
    for (String name : ofWar()) {
      try {
        types.put(name, Class.forName(name, false, loader));
      } catch (ClassNotFoundException | LinkageError e) {
        throw new WarException("the initializer " + name + " is missing: " + e, e);
      }
    }
    for (String name : ofHost()) {
      try {
        types.putIfAbsent(name, Class.forName(name, false, loader));
      } catch (ClassNotFoundException | LinkageError e) {
        Log.GENERAL.log(Level.DEBUG, "not for WARs: the initializer {0}", name);
      }
    }
    var handled = new HandledTypes(assembly.included(), loader);
    List<Initializer> initializers = new ArrayList<>();
    for (Class<?> type : types.values()) {
      initializers.add(new Initializer(make(type), classes(type, handled)));
    }
    return initializers;
  }

  private Set<String> ofWar() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Path own = assembly.war().classes().resolve(ServiceFile.INITIALIZERS);
    if (Files.isRegularFile(own)) {
      try (InputStream in = Files.newInputStream(own)) {
        names.addAll(ServiceFile.names(in));
      }
    }
    assembly.libraries().included().forEach(library -> names.addAll(library.initializers()));
    return names;
  }

  private Set<String> ofHost() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    for (URL file : Collections.list(host.getResources(ServiceFile.INITIALIZERS))) {
      URLConnection connection = file.openConnection();
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        names.addAll(ServiceFile.names(in));
      }
    }
    return names;
  }

  private static ServletContainerInitializer make(Class<?> type) {
    try {
      return Component.<ServletContainerInitializer>named(type.getName())
          .create(type.getClassLoader(), ServletContainerInitializer.class);
    } catch (ReflectiveOperationException e) {
      throw new WarException(
          "the initializer " + type.getName() + " cannot be made: " + Component.reason(e), e);
    }
  }

  /** Read from the class file: of the types that it names some may be missing. */
  private Set<Class<?>> classes(Class<?> initializer, HandledTypes handled) throws IOException {
    AnnotationFacts wanted = handlesTypes(initializer);
    Set<Class<?>> classes = new LinkedHashSet<>();
    if (wanted != null) {
      for (String name : handled.of(Set.copyOf(wanted.strings("value")))) {
        try {
          classes.add(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
          // Section 8.2.4: an optional library may be missing.
          Log.GENERAL.log(Level.DEBUG, () -> initializer.getName() + " is not told of " + name, e);
        }
      }
    }
    return classes;
  }

  private static @Nullable AnnotationFacts handlesTypes(Class<?> initializer) throws IOException {
    String file = initializer.getName().replace('.', '/') + ".class";
    ClassLoader origin = initializer.getClassLoader();
    try (InputStream in = origin == null ? null : origin.getResourceAsStream(file)) {
      return in == null
          ? null
          : ClassFacts.of(ClassFacts.bytes(in)).annotation(HandlesTypes.class.getName());
    }
  }
}
