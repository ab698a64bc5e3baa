// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Objects;
import java.util.function.Supplier;
import org.waterspout.http.HTTPConnection;
import org.waterspout.http.HTTPMessageDelegate;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.RuleTarget;

/**
 * What {@code url} makes of a handler; an application turns it into a {@link Route} of its own.
 *
 * @param type the handler's class, or a superclass where the compiler knew no better
 */
record HandlerTarget(Supplier<? extends RequestHandler> supplier, Class<?> type)
    implements RuleTarget {
  HandlerTarget {
    Objects.requireNonNull(supplier, "handler");
  }

  @Override
  public HTTPMessageDelegate findHandler(
      HTTPServerRequest request, HTTPConnection connection, PathArguments arguments) {
    throw new IllegalStateException(
        "a rule made by url() stands in no Application: " + type.getName());
  }
}
