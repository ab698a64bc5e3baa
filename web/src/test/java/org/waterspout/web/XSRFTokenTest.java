// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Soak;

class XSRFTokenTest {
  private static XSRFToken parsed(String text) {
    var token = XSRFToken.parse(text);
    assertThat(token).as(text).isNotNull();
    return token;
  }

  @Test
  void version2IsTheTokenUnderAMaskAndItsTime() {
    long before = Instant.now().getEpochSecond();
    String[] parts = XSRFToken.random().encode(2).split("\\|", -1);

    assertThat(parts).hasSize(4);
    assertThat(parts[0]).isEqualTo("2");
    assertThat(parts[1]).matches("[0-9a-f]{8}");
    assertThat(parts[2]).matches("[0-9a-f]{32}");
    assertThat(Long.parseLong(parts[3])).isBetween(before, Instant.now().getEpochSecond());
    assertThat(parsed("2|01020304|0002060a01|1300000000").encode(1)).isEqualTo("010005" + "0e00");
  }

  @Test
  void version2LooksDifferentEachTimeAndIsTheSame() {
    var token = XSRFToken.random();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String text = token.encode(2);
      seen.add(text.substring(2, 43));
      assertThat(parsed(text).matches(token)).isTrue();
      assertThat(text).endsWith(token.encode(2).substring(43));
    }
    assertThat(seen).as("four random bytes are hardly ever the same").hasSizeGreaterThan(18);
  }

  @Test
  void keepsTheTimeOfTheFirst() {
    assertThat(parsed("2|00000000|00|1300000000").encode(2)).endsWith("|1300000000");
  }

  @Test
  void version1IsTheSameEachTime() {
    var token = XSRFToken.random();

    assertThat(token.encode(1)).matches("[0-9a-f]{32}").isEqualTo(token.encode(1));
    assertThat(parsed(token.encode(1)).matches(token)).isTrue();
    assertThat(parsed(token.encode(1)).matches(parsed(token.encode(2)))).isTrue();
  }

  @Test
  void noTwoAreTheSame() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(XSRFToken.random().encode(1));
    }
    assertThat(seen).hasSize(100);
    assertThat(XSRFToken.random().matches(XSRFToken.random())).isFalse();
  }

  @Test
  void anyTextIsATokenOfVersion1() {
    assertThat(parsed("xoxo").matches(parsed("xoxo"))).isTrue();
    assertThat(parsed("deadbeef").matches(parsed("DEADBEEF"))).as("hexadecimal").isTrue();
    assertThat(parsed("deadbee").matches(parsed("DEADBEE"))).as("half a byte").isFalse();
    assertThat(parsed("02|a").matches(parsed("02|a"))).as("no version").isTrue();
    assertThat(parsed("xoxo").matches(parsed("xoxO"))).isFalse();
    assertThat(parsed("xoxo").matches(parsed("xox"))).isFalse();
    assertThat(parsed(parsed("xoxo").encode(1)).matches(parsed("xoxo"))).isTrue();
    assertThat(parsed(parsed("xoxo").encode(2)).matches(parsed("xoxo"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1|",
        "3|",
        "2|",
        "2||",
        "2|||",
        "2|00000000||1",
        "2|00000000|00|",
        "2|00000000|00|1|",
        "2|00000000|00",
        "2|0000000|00|1",
        "2|0000000000|00|1",
        "2|00000000|0|1",
        "2|0000000g|00|1",
        "2|00000000|0g|1",
        "2|00000000|00|-1",
        "2|00000000|00|1 ",
        "2|00000000|00|\u0661",
        "99999999999999999999|00000000|00|1"
      })
  void whatIsMalformedIsNone(String text) {
    assertThat(XSRFToken.parse(text)).isNull();
  }

  @Test
  void noTextIsTooStrange() {
    String good = "2|01020304|0002060a01|1300000000";
    var token = parsed(good);
    String alphabet = "0129afAF| \u0000\u007f\u00ff\ud800é";
    Soak.run(
        20_260_729,
        2_000,
        (random, round) -> {
          var changed = new StringBuilder(good);
          for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length());
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(3)) {
              case 0 -> changed.setCharAt(at, c);
              case 1 -> changed.insert(at, c);
              default -> changed.deleteCharAt(at);
            }
          }
          var parsed = XSRFToken.parse(changed.toString());
          if (parsed != null) {
            assertThat(parsed.matches(XSRFToken.parse(parsed.encode(2)))).isTrue();
            assertThat(parsed.matches(XSRFToken.parse(parsed.encode(1)))).isTrue();
          }
        });
    assertThat(token.matches(parsed(good))).isTrue();
  }
}
