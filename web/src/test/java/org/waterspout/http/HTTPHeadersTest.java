// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HTTPHeadersTest {
  @Test
  void findsNamesInAnyCase() {
    var headers = new HTTPHeaders();
    headers.add("Content-Type", "text/plain");
    assertThat(headers.get("content-TYPE")).isEqualTo("text/plain");
    assertThat(headers.contains("CONTENT-TYPE")).isTrue();
    assertThat(headers.get("Content-Typ")).isNull();
    assertThat(headers.get("X", "none")).isEqualTo("none");
  }

  @Test
  void keepsOrderAndEachSpelling() {
    var headers = new HTTPHeaders();
    headers.add("X-One", "1");
    headers.add("X-Two", "2");
    headers.add("x-one", "3");
    assertThat(headers.getAll())
        .containsExactly(Map.entry("X-One", "1"), Map.entry("X-Two", "2"), Map.entry("x-one", "3"));
    assertThat(headers.names()).containsExactly("X-One", "X-Two");
    assertThat(headers.get("x-one")).isEqualTo("1,3");
    assertThat(headers.getList("X-ONE")).containsExactly("1", "3");
  }

  @Test
  void setReplacesAllFieldsInTheFirstPlace() {
    var headers = new HTTPHeaders();
    headers.add("A", "1");
    headers.add("B", "2");
    headers.add("a", "3");
    headers.set("a", "4");
    assertThat(headers.getAll()).containsExactly(Map.entry("A", "4"), Map.entry("B", "2"));
    headers.set("C", "5");
    assertThat(headers.size()).isEqualTo(3);
  }

  @Test
  void removesAllFieldsOfAName() {
    var headers = new HTTPHeaders();
    headers.add("A", "1");
    headers.add("B", "2");
    headers.add("a", "3");
    headers.remove("A");
    headers.remove("Z");
    assertThat(headers.getAll()).containsExactly(Map.entry("B", "2"));
  }

  @Test
  void copiesAreIndependent() {
    var headers = new HTTPHeaders();
    headers.add("A", "1");
    var copy = headers.copy();
    copy.add("B", "2");
    headers.remove("A");
    assertThat(copy.size()).isEqualTo(2);
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void manyFieldsBehaveAsFewDo() {
    var headers = new HTTPHeaders();
    for (int i = 0; i < 20_000; i++) {
      headers.add("X-" + i, "v" + i);
    }
    headers.add("x-7", "again");
    assertThat(headers.getList("X-7")).containsExactly("v7", "again");
    assertThat(headers.copy().get("x-19999")).isEqualTo("v19999");
    headers.remove("X-0");
    assertThat(headers.get("X-7")).isEqualTo("v7,again");
    headers.set("X-7", "once");
    assertThat(headers.getList("x-7")).containsExactly("once");
    headers.clear();
    assertThat(headers.contains("X-7")).isFalse();
  }

  @Test
  void whitespaceAroundAValueIsNotPartOfIt() {
    var headers = new HTTPHeaders();
    headers.add("A", " \tone two\t ");
    assertThat(headers.get("A")).isEqualTo("one two");
  }

  @Test
  void doesNotRepeatValuesThatMayBeSecret() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HTTPHeaders().add("Authorization", "Bearer s3cret\n"))
        .withMessage("not a value for header \"Authorization\": character 13 is U+000A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "A B", "A:", "A\n", "\u00c4", "A\u0000", "A\u0141", "\"A\""})
  void refusesNamesThatAreNoTokens(String name) {
    var headers = new HTTPHeaders();
    assertThatIllegalArgumentException().isThrownBy(() -> headers.add(name, "v"));
    assertThatIllegalArgumentException().isThrownBy(() -> headers.set(name, "v"));
    assertThat(headers.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nB: c", "a\n", "\r", "a\u0000b", "\u001b[0m", "a\u007f", "\u0141", "\u010a"})
  void refusesValuesThatCouldBreakAMessage(String value) {
    var headers = new HTTPHeaders();
    headers.add("Name", "v");
    assertThatIllegalArgumentException().isThrownBy(() -> headers.add("Name", value));
    assertThatIllegalArgumentException().isThrownBy(() -> headers.set("Name", value));
    assertThatIllegalArgumentException().isThrownBy(() -> headers.set("Other", value));
    assertThat(headers.get("Name")).isEqualTo("v");
  }

  @Test
  void acceptsTabsAndLatin1() {
    var headers = new HTTPHeaders();
    headers.add("A", "a\tb \u00e4\u00ff");
    assertThat(headers.get("A")).isEqualTo("a\tb \u00e4\u00ff");
  }

  @Test
  void readsItselfFromText() {
    var headers = HTTPHeaders.parse("A: 1\r\nb:\t2 \r\na: \u00e4\r\n");

    assertThat(headers).hasToString("A: 1\nb: 2\na: \u00e4\n");
    assertThat(HTTPHeaders.parse("")).hasToString("");
    headers.parseLine("c: d");
    assertThat(headers.get("C")).isEqualTo("d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        ": b",
        "A : b",
        "A: b\r\n c",
        "A: b\nB: c",
        "A: b\rc",
        "A: \u0000",
        "A: \u0141"
      })
  void refusesTextThatIsNoFields(String text) {
    assertThatThrownBy(() -> HTTPHeaders.parse(text)).isInstanceOf(HTTPInputException.class);
  }

  @Test
  void findsTokensInLists() {
    var headers = new HTTPHeaders();
    assertThat(headers.listContains("Connection", "close")).isFalse();
    headers.add("Connection", "keep-alive ,\tUpgrade,,");
    headers.add("connection", "Close");
    for (var token : List.of("close", "UPGRADE", "keep-alive")) {
      assertThat(headers.listContains("CONNECTION", token)).as(token).isTrue();
    }
    for (var none : List.of("", "keep", "alive", "closer")) {
      assertThat(headers.listContains("Connection", none)).as(none).isFalse();
    }
  }
}
