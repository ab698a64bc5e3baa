// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Objects;
import org.waterspout.text.Shown;

/**
 * A file out of a form. Tornado: {@code httputil.HTTPFile}.
 *
 * @param filename as the client sent it: it may be a path, or "..", and must not become one here
 * @param contentType what the client says that it is; {@code application/unknown} if it does not
 * @param body its bytes, which belong to the handler
 */
@SuppressWarnings("ArrayRecordComponent") // a file is equal to itself only, which is fine
public record HTTPFile(String filename, String contentType, byte[] body) {
  public HTTPFile {
    Objects.requireNonNull(filename, "filename");
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(body, "body");
  }

  /** Name, type and size; no content. */
  @Override
  public String toString() {
    return "HTTPFile("
        + Shown.quoted(filename)
        + ", "
        + Shown.quoted(contentType)
        + ", "
        + body.length
        + " bytes)";
  }
}
