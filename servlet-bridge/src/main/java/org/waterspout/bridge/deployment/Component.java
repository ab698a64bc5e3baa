// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.deployment;

import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A servlet or filter as it was declared: by instance, by class, or by class name.
 *
 * @param type null until a class that was declared by name is loaded
 * @param instance null unless declared by instance
 */
public record Component<T>(
    String className, @Nullable Class<? extends T> type, @Nullable T instance) {
  public Component {
    Objects.requireNonNull(className, "className");
  }

  /** A component that exists. */
  @SuppressWarnings("unchecked")
  public static <T> Component<T> of(T instance) {
    var type = (Class<? extends T>) instance.getClass();
    return new Component<>(type.getName(), type, instance);
  }

  /** A component of which the engine makes one. */
  public static <T> Component<T> of(Class<? extends T> type) {
    return new Component<>(type.getName(), type, null);
  }

  /** A component of a class that is loaded when it is needed. */
  public static <T> Component<T> named(String className) {
    return new Component<>(className, null, null);
  }

  /** A component of which nothing is known but its name. */
  public static <T> Component<T> undeclared() {
    return new Component<>("", null, null);
  }

  /** Whether nothing is known of it. */
  public boolean isUndeclared() {
    return className.isEmpty();
  }

  /**
   * The declared instance, or a new one.
   *
   * @throws ReflectiveOperationException if the class is missing, is not of the kind wanted, or
   *     cannot be constructed; never for an exception of the constructor itself, which is its cause
   */
  public T create(ClassLoader loader, Class<T> kind) throws ReflectiveOperationException {
    if (instance != null) {
      return instance;
    }
    if (isUndeclared()) {
      throw new ClassNotFoundException("no class is declared for it");
    }
    Class<?> found = type != null ? type : Class.forName(className, true, loader);
    if (!kind.isAssignableFrom(found)) {
      throw new ClassNotFoundException(className + " is not a " + kind.getName());
    }
    return kind.cast(found.getDeclaredConstructor().newInstance());
  }

  /** Why a component could not be made, in words: the reason lies where its constructor threw. */
  public static String reason(ReflectiveOperationException e) {
    Throwable cause = e instanceof InvocationTargetException ? e.getCause() : null;
    return cause != null ? cause.toString() : e.toString();
  }
}
