// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.waterspout.web.RequestHandler;

/** A page that is one of the resources; {@code {{style}}} stands for what all of them look like. */
final class Page extends RequestHandler {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

  private final String name;

  Page(String name) {
    this.name = name;
  }

  @Override
  protected void get() {
    write(styled(name));
  }

  /**
   * The text of a resource, in which {@code {{name}}} stands for HTML. One pass: what is put in is
   * not looked at again.
   */
  static String filled(String name, Map<String, String> html) {
    return PLACE
        .matcher(styled(name))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(html.get(place.group(1)), place.group(1))));
  }

  private static String styled(String name) {
    return resource(name).replace("{{style}}", resource("page.css").stripTrailing());
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
