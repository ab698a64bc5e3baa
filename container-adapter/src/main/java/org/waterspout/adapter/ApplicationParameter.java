// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.ServletException;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.web.Application;

/** The Application that an init-param names by the class of a Supplier that makes it. */
final class ApplicationParameter {
  private ApplicationParameter() {}

  /**
   * Makes it.
   *
   * @param where whose parameter it is, for messages: {@code servlet demo}
   * @throws ServletException saying what is wrong and where
   */
  static Application load(@Nullable String className, String where) throws ServletException {
    if (className == null || className.isBlank()) {
      throw new ServletException(
          where
              + " has no init-param \""
              + ServletAdapter.APPLICATION
              + "\": it names the class of a Supplier of the Application");
    }
    String what = where + ", init-param \"" + ServletAdapter.APPLICATION + "\": ";
    var made = construct(find(className.strip(), what), what);
    if (made instanceof Supplier<?> supplier) {
      made = supplier.get();
    }
    if (made instanceof Application application) {
      return application;
    }
    throw new ServletException(what + explain(className, made));
  }

  private static Class<?> find(String className, String what) throws ServletException {
    var loader = Thread.currentThread().getContextClassLoader();
    try {
      return Class.forName(className, true, loader);
    } catch (ClassNotFoundException e) {
      throw new ServletException(
          what + "no class " + className + " in WEB-INF/classes or WEB-INF/lib", e);
    } catch (LinkageError e) {
      throw new ServletException(what + "class " + className + " cannot be loaded: " + e, e);
    }
  }

  private static Object construct(Class<?> type, String what) throws ServletException {
    try {
      return type.getConstructor().newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new ServletException(
          what
              + type.getName()
              + " is not a public class with a public constructor without"
              + " parameters",
          e);
    } catch (InvocationTargetException e) {
      throw new ServletException(
          what + "the constructor of " + type.getName() + " failed: " + e.getCause(), e.getCause());
    }
  }

  private static String explain(String className, @Nullable Object made) {
    if (made == null) {
      return className + " supplied null instead of an Application";
    }
    var type = made.getClass();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().equals(Application.class.getName())) {
        return className
            + " is an Application of another copy of waterspout-web: keep one copy of its jar,"
            + " in WEB-INF/lib";
      }
    }
    return type.getName()
        + " is neither an "
        + Application.class.getName()
        + " nor a Supplier of one";
  }
}
