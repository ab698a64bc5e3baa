// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.waterspout.http.Capability;

/**
 * What the contract found in each deployment, one line for each test that passed: {@code DETACH no}
 * in {@code target/measured/tomcat-11.txt}.
 */
final class Measurements {
  static final Path FOLDER = Path.of("target", "measured");

  private static final Set<String> BEGUN = ConcurrentHashMap.newKeySet(); // in this run

  private Measurements() {}

  /** The columns that this run has measured something of. */
  static Set<String> begun() {
    return Set.copyOf(BEGUN);
  }

  static void add(String column, Capability capability, boolean offered) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(
          FOLDER.resolve(column + ".txt"),
          capability + (offered ? " yes\n" : " no\n"),
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          BEGUN.add(column) ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
