// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.MappingMatch;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServletMappingsTest {
  private static ServletMappings mappings(String... patternsAndNames) {
    Map<UrlPattern, String> names = new HashMap<>();
    for (int i = 0; i < patternsAndNames.length; i += 2) {
      names.put(UrlPattern.parse(patternsAndNames[i]), patternsAndNames[i + 1]);
    }
    return new ServletMappings(names, "default");
  }

  /** Tables 12-1 and 12-2 of the specification. */
  @ParameterizedTest
  @CsvSource({
    "/foo/bar/index.html, servlet1",
    "/foo/bar/index.bop, servlet1",
    "/baz, servlet2",
    "/baz/index.html, servlet2",
    "/catalog, servlet3",
    "/catalog/index.html, default",
    "/catalog/racecar.bop, servlet4",
    "/index.bop, servlet4",
    "/bazaar, default",
    "/Catalog, default",
    "/index.bopp, default",
    "/index.bop/x, default",
  })
  void mapsAsTheSpecificationShows(String path, String servlet) {
    var mappings =
        mappings(
            "/foo/bar/*",
            "servlet1",
            "/baz/*",
            "servlet2",
            "/catalog",
            "servlet3",
            "*.bop",
            "servlet4");

    assertThat(mappings.match(path).servletName()).isEqualTo(servlet);
  }

  /** Table 3-2 of the specification, and what HttpServletMapping says of each. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "/, '', /, '', '', CONTEXT_ROOT",
        "/lawn/index.html, /lawn, /index.html, /lawn/*, index.html, PATH",
        "/garden/implements/, /garden, /implements/, /garden/*, implements/, PATH",
        "/garden, /garden, null, /garden/*, '', PATH",
        "/garden/, /garden, /, /garden/*, '', PATH",
        "/help/feedback.jsp, /help/feedback.jsp, null, *.jsp, help/feedback, EXTENSION",
        "/exact, /exact, null, /exact, exact, EXACT",
        "/exact/, /exact/, null, /, '', DEFAULT",
        "/nothing, /nothing, null, /, '', DEFAULT",
      })
  void splitsThePath(
      String path,
      String servletPath,
      String pathInfo,
      String pattern,
      String matchValue,
      MappingMatch kind) {
    var mappings =
        mappings("", "a", "/lawn/*", "b", "/garden/*", "c", "*.jsp", "d", "/exact", "e", "/", "f");

    ServletMatch match = mappings.match(path);

    assertThat(match.servletPath()).isEqualTo(servletPath);
    assertThat(match.pathInfo()).isEqualTo(pathInfo);
    assertThat(match.mapping().getPattern()).isEqualTo(pattern);
    assertThat(match.mapping().getMatchValue()).isEqualTo(matchValue);
    assertThat(match.mapping().getMappingMatch()).isEqualTo(kind);
    assertThat(match.mapping().getServletName()).isEqualTo(match.servletName());
  }

  @Test
  void takesTheLongestPrefix() {
    var mappings = mappings("/*", "all", "/a/*", "a", "/a/b/*", "ab");

    assertThat(mappings.match("/a/b/c").servletName()).isEqualTo("ab");
    assertThat(mappings.match("/a/bc").servletName()).isEqualTo("a");
    assertThat(mappings.match("/ab").servletName()).isEqualTo("all");
    ServletMatch root = mappings.match("/");
    assertThat(root.servletPath()).isEmpty();
    assertThat(root.pathInfo()).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "foo/*", "*.", "*", "*.a/b", "**.x", "/a\nb"})
  void refusesWhatIsNoPattern(String pattern) {
    assertThatThrownBy(() -> UrlPattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/*, /, true",
    "/*, /a/b, true",
    "/a/*, /a, true",
    "/a/*, /ab, false",
    "/a, /a, true",
    "/a, /a/b, false",
    "*.x, /a/b.x, true",
    "*.x, /a.x/b, false",
    "'', /, true",
    "'', /a, false",
    "/, /a, true",
  })
  void matchesFilterPaths(String pattern, String path, boolean matches) {
    assertThat(UrlPattern.parse(pattern).matches(path)).isEqualTo(matches);
  }
}
