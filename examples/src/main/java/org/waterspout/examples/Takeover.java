// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.routing.Matcher;
import org.waterspout.routing.PathArguments;
import org.waterspout.routing.Rule;
import org.waterspout.routing.URLSpec;

/**
 * One route of an old application that a new handler has taken over, and gives back when told so.
 * From any thread; a request that has begun ends where it began.
 */
final class Takeover implements Matcher {
  final String name;
  private volatile boolean on = true;

  Takeover(String name) {
    this.name = name;
  }

  /** The rule that stands in front of the old application. */
  Rule rule(URLSpec handler) {
    return new Rule(this, handler);
  }

  boolean on() {
    return on;
  }

  void turn(boolean on) {
    this.on = on;
  }

  /** While it is off, the next rule is asked, which leads to the old application. */
  @Override
  public @Nullable PathArguments match(HTTPServerRequest request) {
    return on ? PathArguments.NONE : null;
  }
}
