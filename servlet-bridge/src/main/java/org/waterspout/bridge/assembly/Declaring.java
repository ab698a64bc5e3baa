// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.ErrorPage;
import org.waterspout.bridge.deployment.FilterDraft;
import org.waterspout.bridge.deployment.ServletDraft;
import org.waterspout.bridge.descriptor.DescriptorException;
import org.waterspout.bridge.descriptor.WebXml;
import org.waterspout.bridge.descriptor.WebXml.ErrorPageElement;
import org.waterspout.bridge.descriptor.WebXml.FilterElement;
import org.waterspout.bridge.descriptor.WebXml.FilterMappingElement;
import org.waterspout.bridge.descriptor.WebXml.FilterTarget;
import org.waterspout.bridge.descriptor.WebXml.Named;
import org.waterspout.bridge.descriptor.WebXml.Parameter;
import org.waterspout.bridge.descriptor.WebXml.ServletElement;
import org.waterspout.bridge.descriptor.WebXml.ServletMapping;
import org.waterspout.bridge.descriptor.WebXml.SessionElement;
import org.waterspout.bridge.jsp.Jasper;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.bridge.scan.ClassFacts;
import org.waterspout.log.Log;

/** Declares in a draft what a WAR says. Used once, before the application starts. */
final class Declaring {
  /** Servlets that a WAR may map without declaring them: containers have always had them. */
  private static final Set<String> OF_THE_CONTAINER = Set.of("default", "jsp");

  private final Assembly assembly;
  private final WebXml xml;
  private final DeploymentDraft draft;

  Declaring(Assembly assembly, DeploymentDraft draft) {
    this.assembly = assembly;
    this.xml = assembly.effective();
    this.draft = draft;
  }

  /**
   * Declares everything.
   *
   * @throws DescriptorException if something refers to what there is not, or if the mount declares
   *     the same
   */
  void declare() {
    if (xml.displayName() != null) {
      draft.displayName(xml.displayName());
    }
    // What the mount says of a parameter holds.
    xml.contextParameters().forEach(each -> draft.addContextParameter(each.name(), each.value()));
    xml.servlets().forEach(this::servlet);
    xml.servletMappings().forEach(this::servletMapping);
    xml.filters().forEach(this::filter);
    xml.filterMappings().forEach(this::filterMapping);
    for (Named listener : xml.listeners()) {
      draft.addListener(Component.named(listener.name()));
    }
    xml.errorPages().forEach(this::errorPage);
    for (Parameter type : xml.mimeTypes()) {
      draft.addMimeType(type.name().toLowerCase(Locale.ROOT), type.value());
    }
    for (Parameter encoding : xml.localeEncodings()) {
      draft.addLocaleEncoding(encoding.name().replace('_', '-'), encoding.value());
    }
    if (xml.requestEncoding() != null) {
      draft.requestEncoding(xml.requestEncoding());
    }
    if (xml.responseEncoding() != null) {
      draft.responseEncoding(xml.responseEncoding());
    }
    if (xml.session() != null) {
      session(xml.session());
    }
  }

  private void servlet(ServletElement element) {
    if (Boolean.FALSE.equals(element.enabled())) {
      return;
    }
    ServletDraft servlet = draft.addServlet(element.name(), servletComponent(element));
    if (servlet == null) {
      throw new DescriptorException(
          element.place(), "the mount has a servlet of that name too: " + element.name());
    }
    element.initParameters().forEach(each -> servlet.setInitParameter(each.name(), each.value()));
    if (element.jspFile() != null) {
      servlet.setInitParameter(Jasper.FILE, element.jspFile());
    }
    if (element.loadOnStartup() != null) {
      servlet.setLoadOnStartup(element.loadOnStartup());
    }
    if (element.asyncSupported() != null) {
      servlet.setAsyncSupported(element.asyncSupported());
    }
    warnIfMissing(element);
    MultipartConfigElement multipart = multipart(element);
    if (multipart != null) {
      servlet.setMultipartConfig(multipart);
    }
  }

  /** Its first request would be the first to notice. */
  private void warnIfMissing(ServletElement element) {
    String className = element.className();
    if (className == null || assembly.classes().find(className) != null) {
      return;
    }
    try {
      Class.forName(className, false, draft.classLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      Log.GENERAL.log(
          Level.WARNING,
          "{0}: {1}: servlet {2} will not work: no class {3}",
          assembly.war().source(),
          element.place(),
          element.name(),
          className);
    }
  }

  private Component<Servlet> servletComponent(ServletElement element) {
    String file = element.jspFile();
    if (file == null) {
      return component(element.className());
    }
    if (!file.startsWith("/")) {
      throw new DescriptorException(element.place(), "a page begins with a slash: " + file);
    }
    return Jasper.servlet(draft.classLoader());
  }

  private static <T> Component<T> component(@Nullable String className) {
    return className == null ? Component.undeclared() : Component.named(className);
  }

  /** Section 8.1.5: the annotation counts on a class too that a descriptor declares. */
  private @Nullable MultipartConfigElement multipart(ServletElement element) {
    if (element.multipart() != null || element.className() == null) {
      return element.multipart();
    }
    ClassFacts type = assembly.annotated(element.className());
    return type == null ? null : Annotations.multipart(type);
  }

  private void servletMapping(ServletMapping mapping) {
    String name = mapping.servletName();
    ServletDraft servlet = draft.servlet(name);
    if (servlet == null && OF_THE_CONTAINER.contains(name)) {
      servlet = draft.addServlet(name, Component.<Servlet>undeclared());
    }
    if (servlet == null) {
      throw new DescriptorException(
          mapping.place(), "patterns are mapped to a servlet that nobody declares: " + name);
    }
    Set<String> taken =
        servlet.addMapping(
            mapping.patterns().stream().map(UrlPattern::pattern).toArray(String[]::new));
    if (!taken.isEmpty()) {
      throw new DescriptorException(
          mapping.place(), "the mount maps other servlets to patterns of " + name + ": " + taken);
    }
  }

  private void filter(FilterElement element) {
    Component<Filter> component = component(element.className());
    FilterDraft filter = draft.addFilter(element.name(), component);
    if (filter == null) {
      throw new DescriptorException(
          element.place(), "the mount has a filter of that name too: " + element.name());
    }
    element.initParameters().forEach(each -> filter.setInitParameter(each.name(), each.value()));
    if (element.asyncSupported() != null) {
      filter.setAsyncSupported(element.asyncSupported());
    }
  }

  private void filterMapping(FilterMappingElement mapping) {
    FilterDraft filter = draft.filter(mapping.filterName());
    if (filter == null) {
      throw new DescriptorException(
          mapping.place(), "a filter is mapped that nobody declares: " + mapping.filterName());
    }
    var types = EnumSet.noneOf(DispatcherType.class);
    types.addAll(mapping.types());
    for (FilterTarget target : mapping.targets()) {
      if (target.pattern() != null) {
        filter.addMappingForUrlPatterns(types, true, target.pattern().pattern());
      } else if (target.servletName() != null) {
        filter.addMappingForServletNames(types, true, target.servletName());
      }
    }
  }

  private void errorPage(ErrorPageElement element) {
    String name = element.exception();
    if (name == null) {
      draft.addErrorPage(new ErrorPage(element.status(), null, element.location()));
      return;
    }
    try {
      Class<?> type = Class.forName(name, false, draft.classLoader());
      draft.addErrorPage(new ErrorPage(null, type.asSubclass(Throwable.class), element.location()));
    } catch (ClassCastException e) {
      throw new DescriptorException(element.place(), "not an exception: " + name, e);
    } catch (ClassNotFoundException | LinkageError e) {
      // What is not there is never thrown: an optional library may be missing.
      Log.GENERAL.log(
          Level.WARNING, "{0}: {1}: no class {2}", assembly.war().source(), element.place(), name);
    }
  }

  private void session(SessionElement session) {
    if (session.timeout() != null) {
      draft.sessionTimeout(Duration.ofMinutes(Math.max(0, session.timeout())));
    }
    try {
      if (session.cookieName() != null) {
        draft.sessionCookie().setName(session.cookieName());
      }
      session.cookie().forEach(draft.sessionCookie()::setAttribute);
      if (!session.trackingModes().isEmpty()) {
        draft.trackingModes(session.trackingModes());
      }
    } catch (IllegalArgumentException e) {
      throw new DescriptorException(session.place(), String.valueOf(e.getMessage()), e);
    }
  }
}
