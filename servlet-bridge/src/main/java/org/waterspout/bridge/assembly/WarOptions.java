// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.assembly;

import java.nio.file.Path;
import java.util.List;

/**
 * What a mount decides about a WAR.
 *
 * @param source the file or directory
 * @param shared prefixes of the host's classes that the WAR sees, each with a dot behind it
 */
public record WarOptions(Path source, List<String> shared) {
  public WarOptions {
    shared = List.copyOf(shared);
  }
}
