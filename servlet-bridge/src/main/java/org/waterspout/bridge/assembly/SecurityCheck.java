// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.annotation.ServletSecurity;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.descriptor.WebXml.Named;
import org.waterspout.bridge.descriptor.WebXml.ServletElement;
import org.waterspout.bridge.scan.ClassFacts;
import org.waterspout.bridge.war.WarException;
import org.waterspout.log.Log;

/**
 * What a WAR asks for that the engine does not have. Access control is refused, since a WAR that
 * counts on it would stand open; what it would merely miss is named in the log.
 */
final class SecurityCheck {
  /** Roles that are declared, and methods that nothing covers, protect nothing by themselves. */
  private static final Set<String> HARMLESS =
      Set.of("security-role", "deny-uncovered-http-methods");

  private static final List<String> SECURITY_ANNOTATIONS =
      List.of(ServletSecurity.class.getName(), "jakarta.annotation.security.RunAs");

  private static final List<String> UNSUPPORTED_ANNOTATIONS =
      List.of(
          "jakarta.annotation.PostConstruct",
          "jakarta.annotation.PreDestroy",
          "jakarta.annotation.Resource",
          "jakarta.ejb.EJB",
          "jakarta.persistence.PersistenceContext",
          "jakarta.persistence.PersistenceUnit");

  private final Assembly assembly;

  SecurityCheck(Assembly assembly) {
    this.assembly = assembly;
  }

  /**
   * Looks at everything.
   *
   * @param ignored whether the mount takes the WAR without access control
   * @throws WarException if the WAR asks for access control that is not ignored
   */
  void check(boolean ignored) {
    List<String> security = security();
    if (!security.isEmpty() && !ignored) {
      throw new WarException(
          "access control is not supported, and the WAR asks for it: "
              + String.join(", ", security)
              + "; ignoreSecurity() on the mount serves it unprotected");
    }
    if (!security.isEmpty()) {
      log(Level.WARNING, "served without the access control that it asks for", security);
    }
    List<String> unsupported = unsupported();
    if (!unsupported.isEmpty()) {
      log(Level.WARNING, "there is no naming environment and no injection", unsupported);
    }
  }

  private void log(Level level, String what, List<String> places) {
    Log.GENERAL.log(
        level, "{0}: {1}: {2}", assembly.war().source(), what, String.join(", ", places));
  }

  private List<String> security() {
    List<String> found = new ArrayList<>();
    for (Named named : assembly.effective().security()) {
      if (!HARMLESS.contains(named.name())) {
        found.add("<" + named.name() + "> at " + named.place());
      }
    }
    for (ServletElement servlet : assembly.effective().servlets()) {
      String className = servlet.className();
      ClassFacts type = className == null ? null : assembly.annotated(className);
      Set<String> seen = new HashSet<>();
      // The annotation is inherited.
      while (type != null && seen.add(type.name())) {
        for (String annotation : SECURITY_ANNOTATIONS) {
          if (type.annotation(annotation) != null) {
            found.add("@" + simple(annotation) + " of " + type.name());
          }
        }
        type = type.superclass() == null ? null : assembly.classes().find(type.superclass());
      }
    }
    return found;
  }

  private List<String> unsupported() {
    List<String> found = new ArrayList<>();
    assembly
        .effective()
        .unsupported()
        .forEach(named -> found.add("<" + named.name() + "> at " + named.place()));
    for (String className : components()) {
      ClassFacts type = assembly.annotated(className);
      for (String annotation : UNSUPPORTED_ANNOTATIONS) {
        if (type != null && type.mentions(annotation)) {
          found.add("@" + simple(annotation) + " of " + className);
        }
      }
    }
    return found;
  }

  private List<String> components() {
    List<String> names = new ArrayList<>();
    assembly.effective().servlets().forEach(each -> add(names, each.className()));
    assembly.effective().filters().forEach(each -> add(names, each.className()));
    assembly.effective().listeners().forEach(each -> names.add(each.name()));
    return names;
  }

  private static void add(List<String> names, @Nullable String name) {
    if (name != null) {
      names.add(name);
    }
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
