// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
  private static Parameters parse(String form, Charset charset) {
    var parameters = new Parameters(10);
    parameters.parse(form.getBytes(StandardCharsets.ISO_8859_1), charset);
    return parameters;
  }

  @Test
  void keepsOrderAndRepetition() {
    Parameters parameters = parse("b=2&a=1&b=3&&=x&c&d=&e==", StandardCharsets.UTF_8);

    assertThat(parameters.toMap().keySet()).containsExactly("b", "a", "", "c", "d", "e");
    assertThat(parameters.get("b")).containsExactly("2", "3");
    assertThat(parameters.get("c")).containsExactly("");
    assertThat(parameters.get("e")).containsExactly("=");
    assertThat(parameters.get("f")).isNull();
  }

  @Test
  void decodesInTheCharsetGiven() {
    assertThat(parse("n%C3%A4me=a+b%2B", StandardCharsets.UTF_8).get("näme"))
        .isEqualTo(List.of("a b+"));
    assertThat(parse("x=%E4", StandardCharsets.ISO_8859_1).get("x")).isEqualTo(List.of("ä"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%=1", "a=%C3", "a=%E4b", "a=%-1"})
  void refusesWhatCannotBeRead(String form) {
    assertThatThrownBy(() -> parse(form, StandardCharsets.UTF_8))
        .isInstanceOfSatisfying(
            BadParametersException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void refusesTooMany() {
    parse("a&b&c&d&e&f&g&h&i&j", StandardCharsets.UTF_8);

    assertThatThrownBy(() -> parse("a&b&c&d&e&f&g&h&i&j&k", StandardCharsets.UTF_8))
        .isInstanceOfSatisfying(
            BadParametersException.class, e -> assertThat(e.status()).isEqualTo(413));
  }
}
