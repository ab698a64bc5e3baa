// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.routing.PathArguments;

/**
 * A URL with places for the groups of a route. Whatever the groups are, the host is the one that is
 * written here. Immutable.
 */
final class RedirectTemplate {
  /** The host is fixed: what a client sends may not choose where it is led. */
  private static final Pattern BEGINNING =
      Pattern.compile("(?i:https?://[^/?#{}\\\\]+)(?:[/?#].*)?|/(?![/\\\\]).*");

  private static final Pattern PLACE = Pattern.compile("\\{([0-9]{1,3}|[a-zA-Z][a-zA-Z0-9]*)\\}");

  private final List<String> literals = new ArrayList<>(); // around the places
  private final List<String> places = new ArrayList<>();

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is neither a path nor a URL of http or https with a
   *     fixed host, or if it has braces around something else than a group
   */
  RedirectTemplate(String template) {
    if (!BEGINNING.matcher(template).matches()) {
      throw new IllegalArgumentException("neither a path nor a URL with its host: " + template);
    }
    var matcher = PLACE.matcher(template);
    int end = 0;
    while (matcher.find()) {
      addLiteral(template, template.substring(end, matcher.start()));
      places.add(matcher.group(1));
      end = matcher.end();
    }
    addLiteral(template, template.substring(end));
  }

  private void addLiteral(String template, String literal) {
    if (literal.indexOf('{') >= 0 || literal.indexOf('}') >= 0) {
      throw new IllegalArgumentException("a brace that is not about a group: " + template);
    }
    literals.add(literal);
  }

  /** Whether it leads to this application. */
  boolean isPath() {
    return literals.getFirst().startsWith("/");
  }

  /**
   * The URL with what the groups have matched, nothing for those that took no part.
   *
   * @throws IllegalArgumentException if the route has no such group
   */
  String fill(PathArguments groups) {
    var url = new StringBuilder(literals.getFirst());
    boolean inPath = inPath(literals.getFirst());
    for (int i = 0; i < places.size(); i++) {
      String sent = group(groups, places.get(i));
      if (sent != null) {
        url.append(inPath ? Locations.escaped(sent) : argument(sent));
      }
      url.append(literals.get(i + 1));
      inPath &= inPath(literals.get(i + 1));
    }
    return url.toString();
  }

  private static boolean inPath(String literal) {
    return literal.indexOf('?') < 0 && literal.indexOf('#') < 0;
  }

  private static @Nullable String group(PathArguments groups, String name) {
    boolean index = Character.isDigit(name.charAt(0));
    if (index && Integer.parseInt(name) < groups.positional().size()) {
      return groups.positional().get(Integer.parseInt(name));
    }
    if (index || !groups.named().containsKey(name)) {
      throw new IllegalArgumentException("the route has no group {" + name + "}");
    }
    return groups.named().get(name);
  }

  /** What separates arguments must not stand in one. */
  private static String argument(String sent) {
    byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
    return Escape.urlEscape(Escape.urlUnescape(bytes, false), false);
  }
}
