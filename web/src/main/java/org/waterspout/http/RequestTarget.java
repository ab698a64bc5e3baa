// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import org.jspecify.annotations.Nullable;
import org.waterspout.text.Shown;

/**
 * A request target taken apart, RFC 9112 section 3.2. Nothing is decoded. Pure.
 *
 * @param authority host and port where the target names them, else null
 * @param path begins with a slash, or is {@code *}, or empty in authority-form
 * @param query what follows the question mark, else empty
 */
record RequestTarget(@Nullable String authority, String path, String query) {
  /**
   * Takes a target apart.
   *
   * @throws HTTPInputException if it has none of the four forms
   */
  static RequestTarget parse(String method, String target) {
    if (target.indexOf('#') >= 0) {
      throw new HTTPInputException("a fragment in the request target");
    }
    if (target.startsWith("/")) {
      return originForm(null, target);
    }
    if (target.equals("*") && method.equals("OPTIONS")) {
      return new RequestTarget(null, target, "");
    }
    if (method.equals("CONNECT") && Authority.isValid(target)) {
      return new RequestTarget(target, "", "");
    }
    String authority = Authority.ofAbsolute(target);
    if (authority == null || authority.isEmpty() || !Authority.isValid(authority)) {
      throw new HTTPInputException("not a request target: " + Shown.quoted(target));
    }
    String rest = target.substring(target.indexOf("//") + 2 + authority.length());
    return originForm(authority, rest.startsWith("/") ? rest : "/" + rest);
  }

  private static RequestTarget originForm(@Nullable String authority, String pathAndQuery) {
    int mark = pathAndQuery.indexOf('?');
    if (mark < 0) {
      return new RequestTarget(authority, pathAndQuery, "");
    }
    String path = pathAndQuery.substring(0, mark);
    return new RequestTarget(authority, path, pathAndQuery.substring(mark + 1));
  }
}
