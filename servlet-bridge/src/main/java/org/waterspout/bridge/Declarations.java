// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.waterspout.bridge.deployment.Component;
import org.waterspout.bridge.deployment.DeploymentDraft;
import org.waterspout.bridge.deployment.FilterDraft;
import org.waterspout.bridge.deployment.ServletAnnotations;
import org.waterspout.bridge.deployment.ServletDraft;

/** What a mount declares in code: two of one name or pattern are an error at once. */
final class Declarations {
  private final DeploymentDraft draft;

  Declarations(DeploymentDraft draft) {
    this.draft = draft;
  }

  void servlet(
      String name,
      Component<Servlet> component,
      Consumer<ServletRegistration.Dynamic> registration) {
    ServletDraft servlet = draft.addServlet(name, component);
    if (servlet == null) {
      throw new IllegalArgumentException("two servlets are called " + name);
    }
    Class<?> type = component.type();
    if (type != null) {
      ServletAnnotations.apply(type, servlet);
    }
    registration.accept(servlet);
    if (!servlet.conflicts().isEmpty()) {
      throw new IllegalArgumentException(
          "servlet " + name + " maps patterns of other servlets: " + servlet.conflicts());
    }
  }

  static Consumer<ServletRegistration.Dynamic> mapped(String... urlPatterns) {
    return servlet -> {
      if (urlPatterns.length > 0) {
        servlet.addMapping(urlPatterns);
      }
    };
  }

  void filter(
      String name, Component<Filter> component, Consumer<FilterRegistration.Dynamic> registration) {
    FilterDraft filter = draft.addFilter(name, component);
    if (filter == null) {
      throw new IllegalArgumentException("two filters are called " + name);
    }
    registration.accept(filter);
  }

  static Consumer<FilterRegistration.Dynamic> ofRequests(String... urlPatterns) {
    return filter ->
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, urlPatterns);
  }
}
