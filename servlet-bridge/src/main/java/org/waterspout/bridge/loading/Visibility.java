// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a WAR sees of the host, by names of classes. The JDK and the servlet API are the host's, and
 * the WAR cannot replace them. The engine's own packages, those that a page compiler brings and
 * those that the mount shares are asked of the host first; everything else of the host is out of
 * sight.
 *
 * @param shared prefixes that the mount opens, such as {@code com.acme.}
 */
public record Visibility(List<String> shared) {
  private static final String SERVLET_API = "jakarta.servlet.";

  /** A part of the servlet API by its name only: JSP's, which a WAR may bring itself. */
  private static final String JSP_API = "jakarta.servlet.jsp.";

  /** The standard tag library's, which is always the WAR's. */
  private static final String TAG_LIBRARY = "jakarta.servlet.jsp.jstl.";

  private static final List<String> HOST_FIRST =
      List.of(
          "org.waterspout.",
          JSP_API,
          "jakarta.el.",
          "org.apache.jasper.",
          "org.apache.el.",
          "org.apache.tomcat.",
          "org.apache.juli.");

  private static final Set<String> JDK_PACKAGES = jdkPackages();

  public static final Visibility DEFAULT = new Visibility(List.of());

  public Visibility {
    shared = List.copyOf(shared);
    for (String prefix : shared) {
      if (!prefix.endsWith(".") || prefix.startsWith(".")) {
        throw new IllegalArgumentException("not a package with a dot behind it: " + prefix);
      }
    }
  }

  /** What the modules export that the JDK's own loaders have. */
  private static Set<String> jdkPackages() {
    Set<String> packages = new HashSet<>();
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    for (Module module : ModuleLayer.boot().modules()) {
      ClassLoader loader = module.getClassLoader();
      if (loader == null || loader.equals(platform)) {
        module.getPackages().stream().filter(module::isExported).forEach(packages::add);
      }
    }
    return packages;
  }

  /** Whether a class of this name is the JDK's, if it exists there. */
  static boolean isJDK(String className) {
    int dot = className.lastIndexOf('.');
    return className.startsWith("java.")
        || (dot > 0 && JDK_PACKAGES.contains(className.substring(0, dot)));
  }

  /** Whether a class of this name is the host's alone. */
  boolean isHostOnly(String className) {
    return className.startsWith(SERVLET_API) && !className.startsWith(JSP_API);
  }

  /** Whether the host is asked for a class of this name, before the WAR. */
  boolean isHostFirst(String className) {
    if (className.startsWith(TAG_LIBRARY)) {
      return false;
    }
    return isHostOnly(className)
        || HOST_FIRST.stream().anyMatch(className::startsWith)
        || shared.stream().anyMatch(className::startsWith);
  }

  /** Whether the host's resource of a name may be seen: a class, its service or its neighbour. */
  public boolean showsResource(String name) {
    String services = "META-INF/services/";
    String className =
        name.startsWith(services) ? name.substring(services.length()) : name.replace('/', '.');
    return isHostFirst(className);
  }
}
