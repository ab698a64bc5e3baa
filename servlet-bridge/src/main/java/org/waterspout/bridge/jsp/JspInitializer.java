// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.jsp;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.descriptor.JspConfigDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.message.Printable;
import org.waterspout.log.Log;

/**
 * Declares what serves the pages of a WAR, Servlet 6.1 section 12.2.1: the servlet {@code jsp} for
 * {@code *.jsp}, {@code *.jspx} and the patterns of property groups, unless servlets of the
 * application have them. It runs before Jasper's own initializer, which looks for tag libraries.
 */
public final class JspInitializer implements ServletContainerInitializer {
  private static final String NAME = "jsp";
  private static final List<String> PATTERNS = List.of("*.jsp", "*.jspx");

  /** Kept by threads, of which each request has a new one. */
  private static final String POOL_SIZE = "org.apache.jasper.runtime.JspFactoryImpl.POOL_SIZE";

  private static final String SCANNER = "org.apache.tomcat.JarScanner";

  private final Map<String, String> parameters;

  /**
   * @param changing whether pages may change while the application runs: they are then looked at
   *     every few seconds, when they are asked for
   */
  public JspInitializer(boolean changing) {
    // Not outside of "development": there, Jasper does not say in which line a page has failed.
    parameters =
        Map.of(
            "development",
            "true",
            "modificationTestInterval",
            changing ? "4" : "1000000",
            "recompileOnFail",
            String.valueOf(changing));
  }

  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    ClassLoader loader = context.getClassLoader();
    if (Jasper.isPresent(loader)) {
      prepare(context, loader);
    } else {
      warn(context);
    }
    declare(context);
  }

  private static void prepare(ServletContext context, ClassLoader loader) throws ServletException {
    context.setInitParameter(POOL_SIZE, "0");
    try {
      context.setAttribute(SCANNER, Jasper.jarScanner(loader, jar -> hasTagLibrary(context, jar)));
    } catch (ReflectiveOperationException e) {
      throw new ServletException(
          "Jasper is there without its parts, or is another version of it: see " + Jasper.ARTIFACT,
          e);
    }
  }

  private static boolean hasTagLibrary(ServletContext context, String jar) {
    String file = context.getRealPath("/WEB-INF/lib/" + jar);
    if (file == null) {
      return false;
    }
    try (var zip = new ZipFile(file)) {
      return zip.stream().map(ZipEntry::getName).anyMatch(JspInitializer::isTagLibrary);
    } catch (IOException e) {
      return false; // whoever loads classes from it has said so
    }
  }

  private static boolean isTagLibrary(String name) {
    return name.startsWith("META-INF/") && name.endsWith(".tld");
  }

  private static void warn(ServletContext context) {
    String page = findPage(context, "/");
    if (page != null) {
      Log.GENERAL.log(
          Level.WARNING,
          "{0}/ has JSP pages such as {1}, which answer 501 without {2}",
          context.getContextPath(),
          Printable.of(page),
          Jasper.ARTIFACT);
    }
  }

  private static @Nullable String findPage(ServletContext context, String directory) {
    Set<String> paths = context.getResourcePaths(directory);
    if (paths == null) {
      return null;
    }
    for (String path : paths) {
      String page = path.endsWith("/") ? findPage(context, path) : path;
      if (page != null
          && PATTERNS.stream().anyMatch(pattern -> page.endsWith(pattern.substring(1)))) {
        return page;
      }
    }
    return null;
  }

  private void declare(ServletContext context) {
    String name = NAME;
    ServletRegistration servlet = context.getServletRegistration(name);
    while (servlet != null && servlet.getClassName() != null && !Jasper.servesAll(servlet)) {
      name = "_" + name;
      servlet = context.getServletRegistration(name);
    }
    if (servlet == null || servlet.getClassName() == null) {
      servlet = add(context, name);
    }
    for (String pattern : PATTERNS) {
      servlet.addMapping(pattern);
    }
    mapGroups(context, owner(context, servlet));
    for (ServletRegistration each : context.getServletRegistrations().values()) {
      if (Jasper.isServlet(each)) {
        parameters.forEach(each::setInitParameter);
      }
    }
  }

  private static ServletRegistration add(ServletContext context, String name) {
    var servlet = Jasper.servlet(context.getClassLoader());
    ServletRegistration added =
        servlet.instance() != null
            ? context.addServlet(name, servlet.instance())
            : context.addServlet(name, servlet.className());
    if (added == null) {
      throw new IllegalStateException("two servlets are called " + name);
    }
    return added;
  }

  /** Whose {@code *.jsp} is: it may be a servlet of the application. */
  private static ServletRegistration owner(ServletContext context, ServletRegistration otherwise) {
    for (ServletRegistration servlet : context.getServletRegistrations().values()) {
      if (servlet.getMappings().contains(PATTERNS.getFirst())) {
        return servlet;
      }
    }
    return otherwise;
  }

  private static void mapGroups(ServletContext context, ServletRegistration servlet) {
    JspConfigDescriptor config = context.getJspConfigDescriptor();
    if (config != null) {
      Set<String> patterns = new HashSet<>();
      config.getJspPropertyGroups().forEach(group -> patterns.addAll(group.getUrlPatterns()));
      patterns.forEach(servlet::addMapping);
    }
  }
}
