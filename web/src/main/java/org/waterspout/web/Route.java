// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.RuleTarget;

/**
 * A handler at its place in an application.
 *
 * @param pattern what the rule matches, for messages
 */
record Route(Application application, String pattern, HandlerTarget handler) implements RuleTarget {
  /**
   * A route whose handler's class has been looked at, as far as it is known.
   *
   * @throws IllegalStateException if the class contradicts itself
   */
  static Route of(Application application, String pattern, HandlerTarget handler) {
    var route = new Route(application, pattern, handler);
    var _ = route.declaredClass();
    return route;
  }

  @Override
  public HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection, PathArguments arguments) {
    return new Execution(this, request, arguments);
  }

  RequestHandler newHandler() {
    RequestHandler made = handler.supplier().get();
    if (made == null) {
      throw new IllegalStateException("the supplier of route " + pattern + " returned null");
    }
    if (made.facts().streamsBody() && !mayStreamBody()) {
      throw new IllegalStateException(
          made.getClass().getName()
              + " streams the body, but route "
              + pattern
              + " is declared with "
              + handler.type().getName()
              + ", which does not; use url with a supplier of the very class");
    }
    return made;
  }

  /** The facts of the handler's class; null if it will only be known when one has been made. */
  @Nullable HandlerClass declaredClass() {
    var type = handler.type();
    return Modifier.isAbstract(type.getModifiers())
        ? null
        : HandlerClass.of(type.asSubclass(RequestHandler.class));
  }

  /** What the handler uses of what some deployments cannot offer, as far as its class is known. */
  List<CapabilityUse> uses() {
    var declared = declaredClass();
    if (declared == null) {
      return List.of();
    }
    return declared.uses().stream()
        .map(
            use -> {
              boolean required = !declared.prefers().contains(use.capability());
              return new CapabilityUse(
                  pattern, declared.name(), use.capability(), use.where(), required);
            })
        .toList();
  }

  /** Whether a handler has to be made before the body arrives. */
  boolean mayStreamBody() {
    var declared = declaredClass();
    return declared == null || declared.streamsBody();
  }

  /** Whether anybody will read a body. */
  boolean wantsBody() {
    return !ErrorHandler.class.isAssignableFrom(handler.type());
  }
}
