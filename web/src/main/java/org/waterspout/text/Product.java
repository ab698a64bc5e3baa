// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What we call ourselves. */
public final class Product {
  /** The version that the build was given: {@code 1.2.0}, {@code 1.3.0-SNAPSHOT}. */
  public static final String VERSION = version();

  /** As it stands in Server and User-Agent: {@code Waterspout/1.2.0}. */
  public static final String NAME = "Waterspout/" + VERSION;

  private Product() {}

  private static String version() {
    try (var in = Product.class.getResourceAsStream("/org/waterspout/web/version.txt")) {
      if (in == null) {
        throw new IllegalStateException("version.txt is missing in org.waterspout.web");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
