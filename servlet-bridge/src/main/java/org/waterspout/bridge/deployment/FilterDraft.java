// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;

/** A filter that is being declared. */
public final class FilterDraft extends Draft implements FilterRegistration.Dynamic {
  private Component<Filter> component;

  FilterDraft(DeploymentDraft deployment, String name, Component<Filter> component) {
    super(deployment, name);
    this.component = component;
  }

  @Override
  Component<Filter> component() {
    return component;
  }

  /** Says of what class it is. */
  void complete(Component<Filter> known) {
    component = known;
  }

  @Override
  public void addMappingForServletNames(
      @Nullable EnumSet<DispatcherType> types, boolean isMatchAfter, String... servletNames) {
    deployment.checkOpen();
    List<FilterMapping> added = new ArrayList<>();
    for (String servletName : checked(servletNames)) {
      added.add(new FilterMapping(getName(), orRequest(types), null, servletName));
    }
    deployment.addFilterMappings(isMatchAfter, added);
  }

  @Override
  public void addMappingForUrlPatterns(
      @Nullable EnumSet<DispatcherType> types, boolean isMatchAfter, String... urlPatterns) {
    deployment.checkOpen();
    List<FilterMapping> added = new ArrayList<>();
    for (String pattern : checked(urlPatterns)) {
      added.add(new FilterMapping(getName(), orRequest(types), UrlPattern.parse(pattern), null));
    }
    deployment.addFilterMappings(isMatchAfter, added);
  }

  @Override
  public Collection<String> getServletNameMappings() {
    return deployment.filterMappings().stream()
        .filter(mapping -> mapping.filterName().equals(getName()))
        .map(FilterMapping::servletName)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public Collection<String> getUrlPatternMappings() {
    return deployment.filterMappings().stream()
        .filter(mapping -> mapping.filterName().equals(getName()))
        .map(FilterMapping::pattern)
        .filter(Objects::nonNull)
        .map(UrlPattern::pattern)
        .toList();
  }

  FilterDeclaration freeze() {
    return new FilterDeclaration(getName(), component, getInitParameters(), asyncSupported());
  }

  private String[] checked(String[] targets) {
    if (targets == null || targets.length == 0) {
      throw new IllegalArgumentException("filter " + getName() + " is mapped to nothing");
    }
    return targets;
  }

  private static Set<DispatcherType> orRequest(@Nullable EnumSet<DispatcherType> types) {
    return types == null || types.isEmpty() ? EnumSet.of(DispatcherType.REQUEST) : types;
  }
}
