// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbsoluteLocationTest {
  /** RFC 3986 section 5.4, as far as it is about hierarchical references. */
  @ParameterizedTest
  @CsvSource({
    "g:h, g:h",
    "g, http://a/b/c/g",
    "./g, http://a/b/c/g",
    "g/, http://a/b/c/g/",
    "/g, http://a/g",
    "//g, http://g",
    "?y, http://a/b/c/d;p?y",
    "g?y, http://a/b/c/g?y",
    "#s, http://a/b/c/d;p?q#s",
    "g#s, http://a/b/c/g#s",
    "g?y#s, http://a/b/c/g?y#s",
    ";x, http://a/b/c/;x",
    "g;x, http://a/b/c/g;x",
    "'', http://a/b/c/d;p?q",
    "., http://a/b/c/",
    "./, http://a/b/c/",
    ".., http://a/b/",
    "../, http://a/b/",
    "../g, http://a/b/g",
    "../.., http://a/",
    "../../, http://a/",
    "../../g, http://a/g",
    "../../../g, http://a/g",
    "../../../../g, http://a/g",
    "/./g, http://a/g",
    "/../g, http://a/g",
    "g., http://a/b/c/g.",
    "..g, http://a/b/c/..g",
    "./../g, http://a/b/g",
    "./g/., http://a/b/c/g/",
    "g/./h, http://a/b/c/g/h",
    "g/../h, http://a/b/c/h",
    "g?y/./x, http://a/b/c/g?y/./x",
    "g#s/../x, http://a/b/c/g#s/../x",
    "http://other/x, http://other/x",
    "x:y/z, x:y/z",
    "a/b:c, http://a/b/c/a/b:c"
  })
  void followsTheExamplesOfTheRFC(String reference, String expected) {
    assertThat(AbsoluteLocation.of("http://a/b/c/d;p", "q", reference)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "x, https://a:81/x",
    "/x, https://a:81/x",
    "?y, https://a:81/?y",
    "//b/x, https://b/x"
  })
  void keepsSchemeAndPort(String reference, String expected) {
    assertThat(AbsoluteLocation.of("https://a:81/", null, reference)).isEqualTo(expected);
  }
}
