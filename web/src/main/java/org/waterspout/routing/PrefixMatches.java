// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServerRequest;

/**
 * Matches the undecoded paths that are a prefix or continue it with a slash.
 *
 * @param prefix empty, or a path that begins with a slash and does not end with one
 */
public record PrefixMatches(String prefix) implements Matcher {
  public PrefixMatches {
    boolean path = prefix.startsWith("/") && !prefix.endsWith("/");
    if (!prefix.isEmpty() && !path) {
      throw new IllegalArgumentException(
          "a prefix begins with a slash and does not end with one, other than \"" + prefix + "\"");
    }
  }

  @Override
  public @Nullable PathArguments match(HTTPServerRequest request) {
    String path = request.path();
    if (!path.startsWith(prefix)) {
      return null;
    }
    boolean whole = path.length() == prefix.length() || path.charAt(prefix.length()) == '/';
    return whole ? PathArguments.NONE : null;
  }

  @Override
  public String pattern() {
    return prefix + "/*";
  }
}
