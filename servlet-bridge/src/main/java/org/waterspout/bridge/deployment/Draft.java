// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import jakarta.servlet.Registration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the registrations of servlets and filters have in common. Confined to the starting thread.
 */
abstract class Draft implements Registration.Dynamic {
  final DeploymentDraft deployment;
  private final String name;
  private final Map<String, String> initParameters = new LinkedHashMap<>();
  private boolean asyncSupported;

  Draft(DeploymentDraft deployment, String name) {
    this.deployment = deployment;
    this.name = name;
  }

  /** Of what class it is. */
  abstract Component<?> component();

  /** Whether nothing but its name is known: a later declaration of that name completes it. */
  public final boolean isPreliminary() {
    return component().isUndeclared();
  }

  @Override
  public final String getName() {
    return name;
  }

  /** Null as long as nothing but its name is known. */
  @Override
  public final @Nullable String getClassName() {
    return isPreliminary() ? null : component().className();
  }

  @Override
  public final boolean setInitParameter(String parameter, String value) {
    deployment.checkOpen();
    if (parameter == null || value == null) {
      throw new IllegalArgumentException("an init parameter of " + name + " is null");
    }
    return initParameters.putIfAbsent(parameter, value) == null;
  }

  @Override
  public final @Nullable String getInitParameter(String parameter) {
    return initParameters.get(parameter);
  }

  /** Sets all or, where some are set already, none; returns those. */
  @Override
  public final Set<String> setInitParameters(Map<String, String> parameters) {
    deployment.checkOpen();
    Set<String> conflicts = new TreeSet<>();
    parameters.forEach(
        (parameter, value) -> {
          if (parameter == null || value == null) {
            throw new IllegalArgumentException("an init parameter of " + name + " is null");
          }
          if (initParameters.containsKey(parameter)) {
            conflicts.add(parameter);
          }
        });
    if (conflicts.isEmpty()) {
      initParameters.putAll(parameters);
    }
    return conflicts;
  }

  @Override
  public final Map<String, String> getInitParameters() {
    return Map.copyOf(initParameters);
  }

  @Override
  public final void setAsyncSupported(boolean asyncSupported) {
    deployment.checkOpen();
    this.asyncSupported = asyncSupported;
  }

  final boolean asyncSupported() {
    return asyncSupported;
  }
}
