// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.waterspout.http.HTTPServerRequest;

/** Matches every request. */
public record AnyMatches() implements Matcher {
  @Override
  public PathArguments match(HTTPServerRequest request) {
    return PathArguments.NONE;
  }

  @Override
  public String pattern() {
    return ".*";
  }
}
