// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the classes of a WAR that an initializer wants to know of, Servlet 6.1 section 8.2.4: those
 * that extend or implement a type, however far away and whoever is in between, or that are
 * annotated with it, on the class, a field or a method. Confined to one thread.
 */
public final class HandledTypes {
  private final ClassIndex index;
  private final ClassLoader loader;

  /** All that a class extends and implements, by its name. */
  private final Map<String, Set<String>> supertypes = new HashMap<>();

  /** What is not in the WAR, by name; null for what is not there either. */
  private final Map<String, @Nullable ClassFacts> outside = new HashMap<>();

  /**
   * @param loader of the WAR, for the class files of what is not in it
   */
  public HandledTypes(ClassIndex index, ClassLoader loader) {
    this.index = index;
    this.loader = loader;
  }

  /**
   * The names of the classes that match one of the types; the types themselves are not among them.
   */
  public List<String> of(Set<String> types) {
    List<String> names = new ArrayList<>();
    for (ClassIndex.Found found : index.all()) {
      ClassFacts facts = found.facts();
      boolean annotated = types.stream().anyMatch(facts::mentions);
      if (annotated || supertypes(facts).stream().anyMatch(types::contains)) {
        names.add(facts.name());
      }
    }
    return names;
  }

  private Set<String> supertypes(ClassFacts facts) {
    Set<String> known = supertypes.get(facts.name());
    if (known == null) {
      known = new HashSet<>();
      // Before its own are known: a class that extends itself is somebody's joke.
      supertypes.put(facts.name(), known);
      for (String name : facts.supertypes()) {
        known.add(name);
        ClassFacts supertype = find(name);
        if (supertype != null) {
          known.addAll(supertypes(supertype));
        }
      }
    }
    return known;
  }

  /** Null if it is missing, which is no error: what needs it may never be used. */
  private @Nullable ClassFacts find(String name) {
    ClassFacts own = index.find(name);
    if (own != null || name.equals("java.lang.Object")) {
      return own;
    }
    if (!outside.containsKey(name)) {
      outside.put(name, read(name));
    }
    return outside.get(name);
  }

  private @Nullable ClassFacts read(String name) {
    try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in == null ? null : ClassFacts.of(ClassFacts.bytes(in));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
