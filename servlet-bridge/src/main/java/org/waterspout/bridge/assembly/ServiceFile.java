// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads the names of providers, as {@link java.util.ServiceLoader} lays them down. */
final class ServiceFile {
  /** Where those of initializers stand. */
  static final String INITIALIZERS =
      "META-INF/services/" + ServletContainerInitializer.class.getName();

  private ServiceFile() {}

  static List<String> names(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#')))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .distinct()
        .toList();
  }
}
