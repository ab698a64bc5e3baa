// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;

/** Matches requests for a host. The whole lower-case name without port has to match. */
public final class HostMatches implements Matcher {
  private final Pattern pattern;

  /** A regular expression for host names: {@code (www\.)?example\.org}. */
  public HostMatches(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  @Override
  public @Nullable PathArguments match(HTTPServerRequest request) {
    return matches(request.hostName()) ? PathArguments.NONE : null;
  }

  /** Whether it matches a host's name, which is in lower case and without a port. */
  public boolean matches(String hostName) {
    return pattern.matcher(hostName).matches();
  }

  @Override
  public String pattern() {
    return "host " + pattern.pattern();
  }
}
