// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.waterspout.web.RequestHandler;

/** The page that compares the deployments, measured live in the browser. */
final class HomeHandler extends RequestHandler {
  private static final String PAGE = load();

  @Override
  protected void get() {
    setHeader("Cache-Control", "no-store");
    setHeader(
        "Content-Security-Policy",
        "default-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
            + " connect-src *");
    write(PAGE.replace("{{ports}}", Deployments.ports().toString()));
  }

  private static String load() {
    try (var page = HomeHandler.class.getResourceAsStream("home.html")) {
      if (page == null) {
        throw new IllegalStateException("home.html is not beside " + HomeHandler.class);
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
