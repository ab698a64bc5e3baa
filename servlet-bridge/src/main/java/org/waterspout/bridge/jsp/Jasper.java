// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.jsp;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.waterspout.bridge.deployment.Component;

/** Jasper, by the names of its classes. */
public final class Jasper {
  /** What to add where it is missing. */
  static final String ARTIFACT = "org.apache.tomcat:tomcat-jasper";

  /** The parameter of a servlet that is one page. */
  public static final String FILE = "jspFile";

  private static final String SERVLET = "org.apache.jasper.servlet.JspServlet";
  private static final String SCANNER = "org.apache.tomcat.util.scan.StandardJarScanner";

  private static final String FILTER = "org.apache.tomcat.JarScanFilter";

  private static final Logger SCHEMAS =
      Logger.getLogger("org.apache.tomcat.util.descriptor.DigesterFactory");

  private Jasper() {}

  /**
   * The servlet that compiles and runs pages; where Jasper is missing, one that says so.
   *
   * @param loader of the application
   */
  public static Component<Servlet> servlet(ClassLoader loader) {
    return isPresent(loader) ? Component.named(SERVLET) : Component.of(new UncompiledPages());
  }

  static boolean isPresent(ClassLoader loader) {
    try {
      loader.loadClass(SERVLET);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Whether a servlet is what {@link #servlet} gives. */
  static boolean isServlet(ServletRegistration servlet) {
    String className = servlet.getClassName();
    return SERVLET.equals(className) || UncompiledPages.class.getName().equals(className);
  }

  /** Whether a servlet is for all pages, and not one of them. */
  public static boolean servesAll(ServletRegistration servlet) {
    return isServlet(servlet) && servlet.getInitParameter(FILE) == null;
  }

  /**
   * What looks for tag libraries: in the WAR and nowhere else, since no class of the host's own
   * libraries can be used there.
   *
   * @param jars whether to look into a jar of this name: Jasper complains of those without any
   * @throws ReflectiveOperationException if it is missing or another than expected
   */
  static Object jarScanner(ClassLoader loader, Predicate<String> jars)
      throws ReflectiveOperationException {
    prepareQuietly(loader);
    Class<?> type = loader.loadClass(SCANNER);
    Object scanner = type.getConstructor().newInstance();
    type.getMethod("setScanClassPath", boolean.class).invoke(scanner, false);
    Class<?> filter = loader.loadClass(FILTER);
    type.getMethod("setJarScanFilter", filter).invoke(scanner, filter(filter, jars));
    return scanner;
  }

  /**
   * Loads a class that warns of schemas that only Tomcat's own copy of the servlet API has: to
   * validate descriptors, which nobody asks for.
   */
  private static void prepareQuietly(ClassLoader loader) throws ClassNotFoundException {
    Level before = SCHEMAS.getLevel();
    if (before == null) {
      SCHEMAS.setLevel(Level.SEVERE);
    }
    try {
      Class.forName(SCHEMAS.getName(), true, loader);
    } finally {
      SCHEMAS.setLevel(before);
    }
  }

  private static Object filter(Class<?> type, Predicate<String> jars) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) ->
            method.getName().equals("check")
                ? jars.test((String) arguments[1])
                : InvocationHandler.invokeDefault(proxy, method, arguments));
  }
}
