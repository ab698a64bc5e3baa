// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathMatchesTest {
  @ParameterizedTest
  @CsvSource({"/a,/a", "/a$,/a", "^/a,/a", "/a/?,/a/", "/(a|b),/b", "/a\\.b,/a.b"})
  void matchesWholePaths(String pattern, String path) {
    var matches = new PathMatches(pattern);

    assertThat(matches.match(path)).isNotNull();
    assertThat(matches.match(path + "x")).isNull();
    assertThat(matches.match("/x" + path)).isNull();
  }

  @Test
  void keepsPositionalGroupsEncoded() {
    var matched = new PathMatches("/([^/]+)/([^/]+)?").match("/a%2Fb/");

    assertThat(matched).isNotNull();
    assertThat(matched.positional()).containsExactly("a%2Fb", null);
    assertThat(matched.named()).isEmpty();
  }

  @Test
  void givesNamedGroupsInTheirOrder() {
    var matched = new PathMatches("/(?<z>\\d+)-(?<a>[^/]+)").match("/1-x");

    assertThat(matched).isNotNull();
    assertThat(matched.named()).hasToString("{z=1, a=x}");
    assertThat(matched.positional()).isEmpty();
  }

  @Test
  void refusesToMixGroupsWithAndWithoutNames() {
    assertThatThrownBy(() -> new PathMatches("/(?<a>x)/(y)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with and without names");
  }

  @ParameterizedTest
  @CsvSource({
    "/,'',/",
    "^/a\\.b$,'',/a.b",
    "/post/([^/]+),a b/c,/post/a%20b%2Fc",
    "/static/(.*),a b/c,/static/a%20b/c",
    "/(?<x>[)(]|%2[89])/end,(,/%28/end",
    "/post/(?<slug>[^/]+)/edit,é,/post/%C3%A9/edit",
  })
  void reversesSimplePatterns(String pattern, String argument, String path) {
    var matches = new PathMatches(pattern);
    var arguments = argument.isEmpty() ? new Object[0] : new Object[] {argument};

    assertThat(matches.reverse(arguments)).isEqualTo(path);
    assertThat(matches.match(path)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a+", "/a?", "/[ab]", "/a|/b", "/\\d", "/(a)?", "/(?:a)", "/((a)b)", "/a{2}", "/(a)+",
        "/x*"
      })
  void doesNotReverseOthers(String pattern) {
    assertThatThrownBy(() -> new PathMatches(pattern).reverse("1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot reverse");
  }

  @Test
  void refusesArgumentsThatWouldNotComeBack() {
    var matches = new PathMatches("/([0-9]+)/([0-9]*)");

    assertThat(matches.reverse(1, 22)).isEqualTo("/1/22");
    assertThatThrownBy(() -> matches.reverse("a", 1)).hasMessageContaining("does not match");
    assertThatThrownBy(() -> matches.reverse("1/2", "")).hasMessageContaining("does not match");
    assertThatThrownBy(() -> new PathMatches("/(.*)-(.*)").reverse("a", "b-c"))
        .hasMessageContaining("does not match");
    assertThatThrownBy(() -> matches.reverse(1)).hasMessageContaining("takes 2 argument(s)");
  }
}
