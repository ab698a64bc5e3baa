// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request target, taken apart.
 *
 * @param authority of a target in absolute form; null in origin form
 * @param rawPath the path as sent, context path and parameters included
 * @param query as sent, without question mark; null if there is none
 * @param canonical what follows the context path, to be mapped
 * @param atContextRoot whether the path is the context path and nothing more, not even a slash
 */
public record RequestTarget(
    @Nullable String authority,
    String rawPath,
    @Nullable String query,
    CanonicalPath canonical,
    boolean atContextRoot) {

  /**
   * Reads a target.
   *
   * @param prefix the undecoded mount prefix, with which the path is known to begin
   * @throws SuspiciousPathException if the target must be refused
   */
  public static RequestTarget parse(String target, String prefix) {
    if (target.indexOf('#') >= 0) {
      throw new SuspiciousPathException("a fragment");
    }
    int question = target.indexOf('?');
    String query = question < 0 ? null : target.substring(question + 1);
    String path = question < 0 ? target : target.substring(0, question);
    String authority = null;
    int scheme = path.indexOf("://");
    if (scheme > 0 && path.charAt(0) != '/') {
      int slash = path.indexOf('/', scheme + 3);
      authority = path.substring(scheme + 3, slash < 0 ? path.length() : slash);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    if (!path.startsWith(prefix)) {
      throw new SuspiciousPathException("a path outside the context");
    }
    String rest = path.substring(prefix.length());
    if (rest.isEmpty() && !prefix.isEmpty()) {
      var root = new CanonicalPath("/", List.of());
      return new RequestTarget(authority, path, query, root, true);
    }
    CanonicalPath canonical = CanonicalPath.ofRequest(rest);
    return new RequestTarget(authority, path, query, canonical, false);
  }

  /** The path in its one spelling, with the prefix as it is. */
  public String canonicalPath(String prefix) {
    return atContextRoot ? rawPath : prefix + CanonicalPath.encode(canonical.path());
  }
}
