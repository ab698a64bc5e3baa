// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.web.Application;
import org.waterspout.web.testing.ApplicationExtension;

class PageTest {
  @RegisterExtension
  static final ApplicationExtension app =
      ApplicationExtension.of(
          () ->
              new Application(
                  url("/todo", () -> new Page("todo.html")),
                  url("/events", () -> new Page("events.html"))));

  @Test
  void allPagesLookAlikeAndHaveNoPlaceLeft() {
    var places = Map.of("problem", "", "next", "", "xsrf", "", "name", "");
    for (var page :
        new String[] {
          app.fetch("/todo").text(),
          app.fetch("/events").text(),
          Page.filled("login.html", places),
          Page.filled("home.html", places)
        }) {
      assertThat(page).contains("--ink: #16303d").doesNotContain("{{");
    }
  }
}
