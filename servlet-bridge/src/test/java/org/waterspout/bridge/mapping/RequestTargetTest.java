// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @Test
  void takesATargetApart() {
    RequestTarget target = RequestTarget.parse("/app/a;p=1/b?q=1?2", "/app");

    assertThat(target.rawPath()).isEqualTo("/app/a;p=1/b");
    assertThat(target.query()).isEqualTo("q=1?2");
    assertThat(target.canonical().path()).isEqualTo("/a/b");
    assertThat(target.authority()).isNull();
    assertThat(target.atContextRoot()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org:81/app/x?y, example.org:81, /app/x",
    "HTTPS://[::1]/app/, [::1], /app/",
  })
  void readsAbsoluteForm(String target, String authority, String path) {
    RequestTarget parsed = RequestTarget.parse(target, "/app");

    assertThat(parsed.authority()).isEqualTo(authority);
    assertThat(parsed.rawPath()).isEqualTo(path);
  }

  @Test
  void doesNotTakeAPathForAbsoluteForm() {
    RequestTarget target = RequestTarget.parse("/app/http://example.org/x", "/app");

    assertThat(target.authority()).isNull();
    assertThat(target.canonical().path()).isEqualTo("/http:/example.org/x");
  }

  @Test
  void knowsTheContextRoot() {
    assertThat(RequestTarget.parse("/app", "/app").atContextRoot()).isTrue();
    assertThat(RequestTarget.parse("/app?x=1", "/app").query()).isEqualTo("x=1");
    assertThat(RequestTarget.parse("/app/", "/app").atContextRoot()).isFalse();
    assertThat(RequestTarget.parse("/", "").atContextRoot()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/../app/x", "/other/x", "/app/x#f", "/app/x?q#f", "/app#f", "*"})
  void refuses(String target) {
    assertThatThrownBy(() -> RequestTarget.parse(target, "/app"))
        .isInstanceOf(SuspiciousPathException.class);
  }
}
