// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletSecurityElement;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.UrlPattern;
import org.waterspout.log.Log;

/** A servlet that is being declared. */
public final class ServletDraft extends Draft implements ServletRegistration.Dynamic {
  private Component<Servlet> component;
  private final List<UrlPattern> patterns = new ArrayList<>();
  private final Set<String> conflicts = new TreeSet<>();
  private int loadOnStartup = -1;

  /** Null unless set. */
  private @Nullable MultipartConfigElement multipart;

  ServletDraft(DeploymentDraft deployment, String name, Component<Servlet> component) {
    super(deployment, name);
    this.component = component;
  }

  @Override
  Component<Servlet> component() {
    return component;
  }

  /** Says of what class it is. */
  void complete(Component<Servlet> known) {
    component = known;
  }

  /** Maps all patterns or, where some belong to other servlets, none; returns those. */
  @Override
  public Set<String> addMapping(String... urlPatterns) {
    deployment.checkOpen();
    if (urlPatterns == null || urlPatterns.length == 0) {
      throw new IllegalArgumentException("servlet " + getName() + " is mapped to no pattern");
    }
    List<UrlPattern> parsed = new ArrayList<>();
    for (String pattern : urlPatterns) {
      parsed.add(UrlPattern.parse(pattern));
    }
    Set<String> taken = new TreeSet<>();
    for (UrlPattern pattern : parsed) {
      ServletDraft owner = deployment.ownerOf(pattern);
      if (owner != null && owner != this) {
        taken.add(pattern.pattern());
      }
    }
    if (taken.isEmpty()) {
      for (UrlPattern pattern : parsed) {
        if (!patterns.contains(pattern)) {
          patterns.add(pattern);
          deployment.giveTo(this, pattern);
        }
      }
    }
    conflicts.addAll(taken);
    return taken;
  }

  /** Patterns that were refused because they belong to other servlets. */
  public Set<String> conflicts() {
    return Set.copyOf(conflicts);
  }

  @Override
  public Collection<String> getMappings() {
    return patterns.stream().map(UrlPattern::pattern).toList();
  }

  @Override
  public void setLoadOnStartup(int loadOnStartup) {
    deployment.checkOpen();
    this.loadOnStartup = loadOnStartup;
  }

  @Override
  public @Nullable String getRunAsRole() {
    return null;
  }

  @Override
  public void setRunAsRole(String roleName) {
    if (roleName == null) {
      throw new IllegalArgumentException("roleName is null");
    }
    refuseOrIgnore("a role to run as");
  }

  /** Refused: constraints that were taken and not enforced would be a hole. */
  @Override
  public Set<String> setServletSecurity(ServletSecurityElement constraint) {
    if (constraint == null) {
      throw new IllegalArgumentException("constraint is null");
    }
    refuseOrIgnore("security constraints");
    return Set.of();
  }

  private void refuseOrIgnore(String what) {
    deployment.checkOpen();
    if (!deployment.ignoresSecurity()) {
      throw new UnsupportedOperationException(
          "servlet " + getName() + " asks for " + what + ", which is not supported");
    }
    Log.GENERAL.log(
        Level.WARNING, "servlet {0} is served without what it asks for: {1}", getName(), what);
  }

  @Override
  public void setMultipartConfig(MultipartConfigElement multipartConfig) {
    deployment.checkOpen();
    if (multipartConfig == null) {
      throw new IllegalArgumentException("multipartConfig is null");
    }
    multipart = multipartConfig;
  }

  ServletDeclaration freeze() {
    return new ServletDeclaration(
        getName(),
        component,
        getInitParameters(),
        patterns,
        loadOnStartup,
        asyncSupported(),
        multipart);
  }
}
