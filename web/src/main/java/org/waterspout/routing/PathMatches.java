// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPServerRequest;

/**
 * Matches whole paths against a regular expression, before they are decoded: {@code %2F} in a
 * segment does not split it. The groups are decoded afterwards.
 *
 * <p>Groups have all of them names ({@code (?<slug>[^/]+)}) or none. A pattern of literal text and
 * simple groups can be {@linkplain #reverse reversed}.
 */
public final class PathMatches implements Matcher {
  private static final String META = "\\^$.|?*+()[]{}";

  private final String source;
  private final Pattern pattern;
  private final List<String> names; // in the order of the groups; empty if they have none
  private final int groups;
  private final @Nullable List<String> literals; // around the groups; null: cannot be reversed
  private final boolean literal;

  /**
   * A pattern for whole paths; {@code ^} and {@code $} at its ends are allowed and change nothing.
   *
   * @throws IllegalArgumentException if it is malformed or mixes groups with and without names
   */
  public PathMatches(String pattern) {
    this.source = Objects.requireNonNull(pattern, "pattern");
    this.pattern = Pattern.compile(pattern);
    this.groups = this.pattern.matcher("").groupCount();
    Map<String, Integer> named = this.pattern.namedGroups();
    if (!named.isEmpty() && named.size() != groups) {
      throw new IllegalArgumentException(
          "groups with and without names in one pattern: " + pattern + " (use (?:...) to group)");
    }
    this.names =
        named.entrySet().stream()
            .sorted(Comparator.comparing(Map.Entry::getValue))
            .map(Map.Entry::getKey)
            .toList();
    this.literals = PatternLiterals.around(pattern, groups);
    this.literal = pattern.chars().noneMatch(c -> META.indexOf(c) >= 0);
  }

  @Override
  public @Nullable PathArguments match(HTTPServerRequest request) {
    return match(request.path());
  }

  @Nullable PathArguments match(String path) {
    if (literal) {
      return path.equals(source) ? PathArguments.NONE : null;
    }
    var found = groupsOf(path);
    if (found == null || found.isEmpty()) {
      return found == null ? null : PathArguments.NONE;
    }
    if (names.isEmpty()) {
      return new PathArguments(found, Map.of());
    }
    Map<String, @Nullable String> named = new LinkedHashMap<>();
    for (int i = 0; i < groups; i++) {
      named.put(names.get(i), found.get(i));
    }
    return new PathArguments(List.of(), named);
  }

  @Override
  public String pattern() {
    return source;
  }

  /**
   * The path with these values in the places of the groups, in order, percent-encoded. A slash
   * stays one where the group can match it.
   *
   * @throws IllegalArgumentException if the pattern is not simple enough, if there are more or
   *     fewer values than groups, or if the pattern would not match the path
   */
  @Override
  public String reverse(Object... arguments) {
    if (literals == null) {
      throw new IllegalArgumentException("cannot reverse " + source);
    }
    if (arguments.length != groups) {
      throw new IllegalArgumentException(
          source + " takes " + groups + " argument(s), not " + arguments.length);
    }
    var encoded = Arrays.stream(arguments).map(a -> Escape.urlEscape(a.toString(), false)).toList();
    var slashesKept = encoded.stream().map(value -> value.replace("%2F", "/")).toList();
    for (var values : List.of(slashesKept, encoded)) {
      String path = fill(literals, values);
      if (values.equals(groupsOf(path))) {
        return path;
      }
    }
    throw new IllegalArgumentException(source + " does not match " + fill(literals, encoded));
  }

  private static String fill(List<String> literals, List<String> values) {
    var path = new StringBuilder(literals.getFirst());
    for (int i = 0; i < values.size(); i++) {
      path.append(values.get(i)).append(literals.get(i + 1));
    }
    return path.toString();
  }

  /** What the groups match, null if the pattern does not. */
  private @Nullable List<@Nullable String> groupsOf(String path) {
    var matcher = pattern.matcher(path);
    if (!matcher.matches()) {
      return null;
    }
    List<@Nullable String> found = new ArrayList<>();
    for (int i = 1; i <= groups; i++) {
      found.add(matcher.group(i));
    }
    return found;
  }
}
