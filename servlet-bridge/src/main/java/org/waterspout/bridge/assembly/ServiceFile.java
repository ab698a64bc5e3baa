// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.waterspout.bridge.war.WarException;

/** Reads the names of providers, as {@link java.util.ServiceLoader} lays them down. */
final class ServiceFile {
  /** Where those of initializers stand. */
  static final String INITIALIZERS =
      "META-INF/services/" + ServletContainerInitializer.class.getName();

  private static final int MAX_BYTES = 1024 * 1024;

  private ServiceFile() {}

  /**
   * The names in a file.
   *
   * @throws WarException if it is longer than anybody's
   */
  static List<String> names(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new WarException("a list of initializers of more than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .distinct()
        .toList();
  }
}
