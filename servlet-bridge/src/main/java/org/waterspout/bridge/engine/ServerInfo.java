// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What applications are told of the container: {@code Waterspout/1.2.0}. */
final class ServerInfo {
  static final String TEXT = "Waterspout/" + version();

  private ServerInfo() {}

  private static String version() {
    try (InputStream in = ServerInfo.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("version.txt is missing in org.waterspout.bridge.engine");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
