// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the client calls itself. */
final class UserAgent {
  static final String DEFAULT = "Waterspout/" + version();

  private UserAgent() {}

  private static String version() {
    try (var in = UserAgent.class.getResourceAsStream("/org/waterspout/web/version.txt")) {
      if (in == null) {
        throw new IllegalStateException("version.txt is missing in org.waterspout.web");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
