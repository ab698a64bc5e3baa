// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;
import java.util.EventListener;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.ServletAnnotations;
import org.waterspout.bridge.deployment.ServletDraft;
import org.waterspout.bridge.jsp.Jasper;

/**
 * The servlets, filters and listeners of an application, as code of the application adds to them:
 * Servlet 6.1 section 4.4. Open until the application has started; from then on what declares
 * throws IllegalStateException. Confined to the starting thread until then.
 */
final class Registrations {
  private static final List<Class<? extends EventListener>> LISTENERS =
      List.of(
          ServletContextAttributeListener.class,
          ServletRequestListener.class,
          ServletRequestAttributeListener.class,
          HttpSessionListener.class,
          HttpSessionAttributeListener.class,
          HttpSessionIdListener.class);

  private final DeploymentDraft draft;

  /** Made here, to be added later; by identity. */
  private final Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());

  private boolean initializing = true;

  Registrations(DeploymentDraft draft) {
    this.draft = draft;
  }

  /** The initializers have run. */
  void endInitializers() {
    initializing = false;
  }

  /**
   * Declares a servlet, with what the annotations of its class say unless the application made it
   * itself; null if there is one of that name, or if it is declared already.
   */
  ServletRegistration.@Nullable Dynamic addServlet(String name, Component<Servlet> servlet) {
    ServletDraft added = draft.declares(servlet) ? null : draft.addServlet(name, servlet);
    boolean own = servlet.instance() != null && !made.contains(servlet.instance());
    if (added != null && !own) {
      annotate(added, servlet);
    }
    return added;
  }

  /** Section 4.4.4: what {@code @MultipartConfig} and {@code @ServletSecurity} say. */
  private void annotate(ServletDraft added, Component<Servlet> servlet) {
    Class<?> type = servlet.type();
    try {
      if (type == null) {
        type = Class.forName(servlet.className(), false, draft.classLoader());
      }
    } catch (ClassNotFoundException | LinkageError e) {
      return; // whoever makes the servlet will say so
    }
    ServletAnnotations.apply(type, added);
  }

  /** Declares a servlet that is one page; null if there is one of that name. */
  ServletRegistration.@Nullable Dynamic addJspFile(String name, String file) {
    if (file == null || !file.startsWith("/")) {
      throw new IllegalArgumentException("a page begins with a slash: " + file);
    }
    ServletDraft added = draft.addServlet(name, Jasper.servlet(draft.classLoader()));
    if (added != null) {
      added.setInitParameter(Jasper.FILE, file);
      for (ServletDraft each : draft.servlets().values()) {
        if (Jasper.servesAll(each)) {
          each.getInitParameters().forEach(added::setInitParameter);
        }
      }
    }
    return added;
  }

  @Nullable ServletRegistration servlet(String name) {
    return draft.servlet(name);
  }

  Map<String, ? extends ServletRegistration> servlets() {
    return draft.servlets();
  }

  /** Declares a filter; null if there is one of that name, or if it is declared already. */
  FilterRegistration.@Nullable Dynamic addFilter(String name, Component<Filter> filter) {
    return draft.declares(filter) ? null : draft.addFilter(name, filter);
  }

  @Nullable FilterRegistration filter(String name) {
    return draft.filter(name);
  }

  Map<String, ? extends FilterRegistration> filters() {
    return draft.filters();
  }

  /**
   * Adds a listener of which the engine makes one.
   *
   * @throws IllegalArgumentException if the class is missing or is none of a listener
   */
  void addListener(String className) {
    draft.checkOpen();
    try {
      Class<?> type = Class.forName(className, true, draft.classLoader());
      addListener(type.asSubclass(EventListener.class));
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new IllegalArgumentException("not a listener: " + className, e);
    }
  }

  /**
   * Adds a listener of which the engine makes one.
   *
   * @throws IllegalArgumentException if it cannot be made, or is not of a kind that may be added
   */
  void addListener(Class<? extends EventListener> type) {
    draft.checkOpen();
    try {
      addListener(create(type));
    } catch (ServletException e) {
      throw new IllegalArgumentException("not a listener: " + type.getName(), e);
    }
  }

  /**
   * Adds a listener; one of the context to initializers only.
   *
   * @throws IllegalArgumentException if it is not of a kind that may be added
   */
  void addListener(EventListener listener) {
    draft.checkOpen();
    boolean ofContext = listener instanceof ServletContextListener;
    if (ofContext && !initializing) {
      throw new IllegalArgumentException("a context listener comes too late while others run");
    }
    if (!ofContext && LISTENERS.stream().noneMatch(type -> type.isInstance(listener))) {
      throw new IllegalArgumentException("not a listener: " + listener.getClass().getName());
    }
    draft.addListener(Component.of(listener));
  }

  /**
   * Makes a listener, which is not added by that.
   *
   * @throws IllegalArgumentException if it is of no kind that is ever told
   */
  <T extends EventListener> T createListener(Class<T> type) throws ServletException {
    boolean ofContext = ServletContextListener.class.isAssignableFrom(type);
    if (!ofContext && LISTENERS.stream().noneMatch(kind -> kind.isAssignableFrom(type))) {
      throw new IllegalArgumentException("not a listener: " + type.getName());
    }
    return create(type);
  }

  /** Makes a servlet, filter or listener, which is not added by that. */
  <T> T create(Class<T> type) throws ServletException {
    try {
      T component = Component.<T>of(type).create(draft.classLoader(), type);
      made.add(component);
      return component;
    } catch (ReflectiveOperationException e) {
      throw new ServletException(type.getName() + " cannot be made: " + Component.reason(e), e);
    }
  }
}
