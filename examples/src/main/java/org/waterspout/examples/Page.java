// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.waterspout.web.RequestHandler;

/** A page that is one of the resources. */
final class Page extends RequestHandler {
  private final String name;

  Page(String name) {
    this.name = name;
  }

  @Override
  protected void get() {
    write(resource(name));
  }

  /** The text of a resource. */
  static String resource(String name) {
    try (var in = Page.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
