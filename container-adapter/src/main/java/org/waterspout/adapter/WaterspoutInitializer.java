// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Registration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HandlesTypes;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * Registers the adapter of an Application in a web application that has no {@code web.xml}; see
 * {@link ServedInContainer}. Containers find this class by themselves.
 */
@HandlesTypes(ServedInContainer.class)
public final class WaterspoutInitializer implements ServletContainerInitializer {
  /** The context-param that names the class that supplies the Application. */
  public static final String APPLICATION = "org.waterspout.application";

  private static final String NAME = "waterspout";
  private static final String PREFIX = "org.waterspout.";

  /** For containers. */
  public WaterspoutInitializer() {}

  /**
   * Registers a servlet or filter, or nothing where there is nothing to serve.
   *
   * @throws ServletException if several classes could be meant
   */
  @Override
  public void onStartup(@Nullable Set<Class<?>> found, ServletContext context)
      throws ServletException {
    String named = context.getInitParameter(APPLICATION);
    var marked = marked(found);
    if (named == null && marked.isEmpty()) {
      return;
    }
    if (hasAdapter(context)) {
      Log.GENERAL.log(
          System.Logger.Level.INFO,
          "{0}/ has an adapter in its web.xml; the initializer adds none",
          context.getContextPath());
      return;
    }
    if (named == null && marked.size() > 1) {
      var names = new TreeSet<String>();
      marked.forEach(type -> names.add(type.getName()));
      throw refused(
          "several classes are marked @ServedInContainer, and no context-param \""
              + APPLICATION
              + "\" names one: "
              + names);
    }
    register(context, named == null ? marked.getFirst().getName() : named.strip(), marked);
  }

  private static List<Class<?>> marked(@Nullable Set<Class<?>> found) {
    return found == null
        ? Collections.emptyList()
        : found.stream().filter(type -> type.isAnnotationPresent(ServedInContainer.class)).toList();
  }

  private static boolean hasAdapter(ServletContext context) {
    return Stream.of(
            context.getServletRegistrations().values(), context.getFilterRegistrations().values())
        .flatMap(Collection::stream)
        .map(Registration::getClassName)
        .anyMatch(
            name ->
                ServletAdapter.class.getName().equals(name)
                    || ServletFilterAdapter.class.getName().equals(name));
  }

  private static void register(ServletContext context, String className, List<Class<?>> marked)
      throws ServletException {
    var how =
        marked.stream()
            .filter(type -> type.getName().equals(className))
            .findFirst()
            .map(type -> type.getAnnotation(ServedInContainer.class));
    String[] patterns = how.map(ServedInContainer::value).orElse(new String[] {"/*"});
    if (how.map(ServedInContainer::filter).orElse(false)) {
      var filter = context.addFilter(NAME, new ServletFilterAdapter());
      requireFree(filter);
      filter.setAsyncSupported(true);
      filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, patterns);
      setParameters(context, filter, className);
    } else {
      var servlet = context.addServlet(NAME, new ServletAdapter());
      requireFree(servlet);
      servlet.setAsyncSupported(true);
      servlet.setLoadOnStartup(1);
      var taken = servlet.addMapping(patterns);
      if (!taken.isEmpty()) {
        throw refused("other servlets are mapped to " + taken);
      }
      setParameters(context, servlet, className);
    }
  }

  private static void requireFree(@Nullable Registration registration) throws ServletException {
    if (registration == null) {
      throw refused("the name " + NAME + " is taken");
    }
  }

  /** Some containers log the cause alone, or nothing. */
  private static ServletException refused(String message) {
    Log.GENERAL.log(System.Logger.Level.ERROR, message);
    return new ServletException(message);
  }

  private static void setParameters(
      ServletContext context, Registration registration, String className) {
    for (String name : OptionParameters.names()) {
      String value = context.getInitParameter(PREFIX + name);
      if (value != null) {
        registration.setInitParameter(name, value);
      }
    }
    registration.setInitParameter(ServletAdapter.APPLICATION, className);
  }
}
