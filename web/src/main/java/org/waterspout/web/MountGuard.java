// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.RequestStartLine;
import org.waterspout.routing.Mount;
import org.waterspout.routing.Rule;

/**
 * Sees to it that a mount gets only those requests whose {@linkplain Mount#canonicalPath canonical
 * path} leads there too, so that no spelling of a path passes by the rules in front. On the loop.
 */
final class MountGuard {
  private MountGuard() {}

  /**
   * Looks at a request that an application has a receiver for.
   *
   * @throws HTTPInputException if that is a mount, and other rules are for the canonical path
   */
  static void check(Application entrance, HTTPServerRequest request) {
    var rule = entrance.ruleFor(request);
    if (rule != null && rule.delegate() instanceof Mount mount) {
      check(entrance, request, rule, mount);
    }
  }

  /**
   * Looks at a request that a handler gives to a mount.
   *
   * @param entrance the application that got the request first; null if none did, and then all but
   *     canonical paths are refused
   * @throws HTTPInputException if other rules than the handler's are for the canonical path
   */
  static void check(@Nullable Application entrance, HTTPServerRequest request, Mount mount) {
    if (entrance != null) {
      check(entrance, request, entrance.ruleFor(request), mount);
    } else if (!mount.canonicalPath(request.path()).equals(request.path())) {
      throw new HTTPInputException("a path whose spelling is not canonical");
    }
  }

  @SuppressWarnings("ReferenceEquality") // two rules may say the same, and are still two
  private static void check(
      Application entrance, HTTPServerRequest request, @Nullable Rule rule, Mount mount) {
    String path = mount.canonicalPath(request.path());
    if (!path.equals(request.path()) && entrance.ruleFor(at(path, request)) != rule) {
      throw new HTTPInputException("another spelling of a path that is not for the mount");
    }
  }

  private static HTTPServerRequest at(String path, HTTPServerRequest request) {
    String target = request.query().isEmpty() ? path : path + "?" + request.query();
    var startLine = new RequestStartLine(request.method(), target, request.version());
    return new HTTPServerRequest(
        startLine, request.headers(), request.serverConnection(), request.connection());
  }
}
