// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of Servlet 6.1 section 3.5.3 and what they leave open. */
class CanonicalPathTest {
  @ParameterizedTest
  @CsvSource({
    "/foo/bar, /foo/bar",
    "/foo/bar;jsessionid=1234, /foo/bar",
    "/foo/bar/, /foo/bar/",
    "/foo/bar/;jsessionid=1234, /foo/bar/",
    "/foo;/bar;, /foo/bar",
    "/foo;/bar;/;, /foo/bar/",
    "/foo/b%25r, /foo/b%r",
    "/foo/./bar, /foo/bar",
    "/foo/././bar, /foo/bar",
    "/./foo/bar, /foo/bar",
    "/foo/bar/., /foo/bar",
    "/foo/bar/./, /foo/bar/",
    "/foo/bar/./;, /foo/bar/",
    "/foo/.bar, /foo/.bar",
    "/foo/../bar, /bar",
    "/foo/./../bar, /bar",
    "/foo/bar/.., /foo",
    "/foo/bar/../, /foo/",
    "/foo/bar/../;, /foo/",
    "/foo/..bar, /foo/..bar",
    "/foo/pass:[...]/bar, /foo/pass:[...]/bar",
    "/foo//bar, /foo/bar",
    "//foo//bar//, /foo/bar/",
    "/foo//../bar, /bar",
    "/foo%E2%82%ACbar, /foo€bar",
    "/foo%20bar, /foo bar",
    "/, /",
    "//, /",
    "/., /",
    "/./, /",
  })
  void canonicalises(String raw, String path) {
    assertThat(CanonicalPath.ofRequest(raw).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo/bar",
        "",
        "*",
        "/foo%00/bar/",
        "/foo%7Fbar",
        "/foo%C2%85bar",
        "/foo%2Fbar",
        "/foo%2fbar",
        "/foo%2Fb%25r",
        "/foo\\bar",
        "/foo%5Cbar",
        "/foo;%2F/bar",
        "/foo;a=%5C/bar",
        "/foo/%2e/bar",
        "/foo/.;/bar",
        "/foo/%2e;/bar",
        "/foo/.%2Fbar",
        "/foo/.%5Cbar",
        "/foo/bar/.;",
        "/foo/../../bar",
        "/../foo/bar",
        "/foo/%2e%2E/bar",
        "/foo/.%2e/bar",
        "/foo/%2e%2e/%2E%2E/bar",
        "/foo/..;/bar",
        "/foo/..;x=y/bar",
        "/foo/%2e%2E;/bar",
        "/foo/..%2Fbar",
        "/foo/..%5Cbar",
        "/foo/bar/..;",
        "/;/foo;/;/bar/;/;",
        "/foo/;/../bar",
        "/;/",
        "/../",
        "/foo%E2%82",
        "/foo%E2%82bar",
        "/foo%C0%AFbar",
        "/foo%ED%A0%80bar",
        "/foo%-1/bar",
        "/foo%XX/bar",
        "/foo%/bar",
        "/foo/bar%0",
        "/good%20/bad%/%20mix%",
        "/caf\u00e9",
        "/foo bar",
        "/foo\tbar",
      })
  void refusesWhatIsSuspicious(String raw) {
    assertThatThrownBy(() -> CanonicalPath.ofRequest(raw))
        .isInstanceOf(SuspiciousPathException.class)
        .hasMessageNotContaining("foo");
  }

  @Test
  void findsPathParameters() {
    CanonicalPath path = CanonicalPath.ofRequest("/a;x=1;jsessionidx=no/b;jsessionid=ab%20c;y");

    assertThat(path.parameter("jsessionid")).isEqualTo("ab c");
    assertThat(path.parameter("x")).isEqualTo("1");
    assertThat(path.parameter("y")).isNull();
  }

  @Test
  void thePathsThatAreLookedAtOnceReadAsAllOthersDo() {
    for (int number = 0; number < 7 * 7 * 7 * 7 * 7 * 7; number++) {
      String raw = "/" + word(number, "/.aZ-;%");
      assertThat(read(() -> CanonicalPath.ofRequest(raw)))
          .as(raw)
          .isEqualTo(read(() -> CanonicalPath.ofApplication(raw)));
    }
  }

  /** One letter for each digit of a number. */
  private static String word(int number, String letters) {
    var word = new StringBuilder();
    for (int rest = number; rest > 0; rest /= letters.length()) {
      word.append(letters.charAt(rest % letters.length()));
    }
    return word.toString();
  }

  private static Object read(Supplier<CanonicalPath> reader) {
    try {
      return reader.get();
    } catch (SuspiciousPathException e) {
      return e.getMessage();
    }
  }

  @Test
  void takesSpacesAndUnicodeFromApplications() {
    assertThat(CanonicalPath.ofApplication("/a b/é/%41").path()).isEqualTo("/a b/é/A");
  }

  @Test
  void encodesSoThatItReadsTheSame() {
    String path = "/a b/é%/;x?#\"<\\|^`{}~!$&'()*+,=:@-._";

    String encoded = CanonicalPath.encode(path);

    assertThat(encoded).matches("[!-~]+").doesNotContain("?", "#", ";");
    assertThatThrownBy(() -> CanonicalPath.ofRequest(encoded))
        .as("the backslash stays refused")
        .isInstanceOf(SuspiciousPathException.class);
    assertThat(CanonicalPath.ofRequest(encoded.replace("%5C", "")).path())
        .isEqualTo(path.replace("\\", ""));
  }
}
