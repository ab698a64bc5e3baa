// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.util.Objects;

/**
 * A request line, RFC 9112 section 3.
 *
 * @param method the method as sent; case counts
 * @param target the request target as sent, undecoded
 * @param version {@code HTTP/1.1} or {@code HTTP/1.0}
 */
public record RequestStartLine(String method, String target, String version) implements StartLine {
  public RequestStartLine {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(version, "version");
  }
}
