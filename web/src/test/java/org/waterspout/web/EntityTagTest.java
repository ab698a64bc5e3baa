// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entity tags, made and compared. */
class EntityTagTest {
  private static String tagOf(String... pieces) {
    var body = new ByteChunks();
    for (String piece : pieces) {
      body.add(piece.getBytes(StandardCharsets.UTF_8));
    }
    return EntityTag.of(body);
  }

  @Test
  void bodiesOfTheSameBytesHaveOneTag() {
    assertThat(tagOf("Hello, ", "world")).isEqualTo(tagOf("Hello, world")).matches("\"[!-~]+\"");
  }

  @Test
  void everyChangeOfOneByteChangesTheTag() {
    byte[] bytes = "<p>a body with some text in it</p>".getBytes(StandardCharsets.UTF_8);
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      for (int bit = 0; bit < 8; bit++) {
        changed[i] = (byte) (bytes[i] ^ 1 << bit);
        var body = new ByteChunks();
        body.add(changed);
        tags.add(EntityTag.of(body));
      }
    }
    assertThat(tags)
        .hasSize(bytes.length * 8)
        .doesNotContain(tagOf(new String(bytes, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\"",
        "W/\"a\"",
        "*",
        "\"b\", \"a\"",
        "\"b\",W/\"a\",\"c\"",
        ",, \"a\" ,",
        "\"x,y\", \"a\"",
      })
  void weakComparisonFindsTheTag(String list) {
    assertThat(EntityTag.matchesWeakly(list, "\"a\"")).isTrue();
    assertThat(EntityTag.matchesWeakly(list, "W/\"a\"")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\"A\"",
        "\"a",
        "a\"",
        "\"b\"",
        "\"b\"\"a\"",
        "w/\"a\"",
        "W/a",
        "\"a\", b",
        "\"a\"x",
        "**",
        "\"b, \"a\"",
        "W/",
        "\"",
      })
  void otherAndMalformedListsMatchNothing(String list) {
    assertThat(EntityTag.matchesWeakly(list, "\"a\"")).isFalse();
    assertThat(EntityTag.matchesStrongly(list, "\"a\"")).isFalse();
  }

  @Test
  void weakTagsAreStronglyEqualToNone() {
    assertThat(EntityTag.matchesStrongly("\"a\"", "\"a\"")).isTrue();
    assertThat(EntityTag.matchesStrongly("W/\"a\"", "W/\"a\"")).isFalse();
    assertThat(EntityTag.matchesStrongly("W/\"a\"", "\"a\"")).isFalse();
    assertThat(EntityTag.matchesStrongly("*", "W/\"a\"")).isTrue();
  }

  @Test
  void weakeningTwiceIsWeakeningOnce() {
    assertThat(EntityTag.weakened(EntityTag.weakened("\"a\""))).isEqualTo("W/\"a\"");
  }
}
