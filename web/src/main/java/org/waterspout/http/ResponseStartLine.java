// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors
package org.waterspout.http;

import java.util.Objects;
import org.waterspout.text.Shown;

/**
 * A status line, RFC 9112 section 4.
 *
 * @param version {@code HTTP/1.1} or {@code HTTP/1.0}
 * @param status 100 to 999
 * @param reason the reason phrase, which may be empty; one line, nothing above U+00FF
 */
public record ResponseStartLine(String version, int status, String reason) implements StartLine {
  public ResponseStartLine {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(reason, "reason");
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("status " + status + " is not between 100 and 999");
    }
    for (int i = 0; i < reason.length(); i++) {
      if (!Syntax.isFieldChar(reason.charAt(i))) {
        throw new IllegalArgumentException("not a reason phrase: " + Shown.quoted(reason));
      }
    }
  }
}
