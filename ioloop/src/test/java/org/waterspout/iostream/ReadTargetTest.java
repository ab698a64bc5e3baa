// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a read waits for, without a stream. */
class ReadTargetTest {
  private static final Random RANDOM = new Random(20);
  private static final int TOO_FAR = -2; // where find throws

  private static ByteBuffer buffer(String text, int offset) {
    var buffer = ByteBuffer.allocate(offset + text.length() + 3).position(offset);
    return buffer.put(text.getBytes(ISO_8859_1)).flip().position(offset);
  }

  private static int find(ReadTarget target, String text, boolean last) {
    var buffer = buffer(text, RANDOM.nextInt(5));
    int before = buffer.position();
    try {
      return target.find(buffer, last);
    } catch (UnsatisfiableReadException e) {
      return TOO_FAR;
    } finally {
      assertThat(buffer.position()).as("it only looks").isEqualTo(before);
    }
  }

  /** The answer when the text comes in pieces, each offered with all before it. */
  private static int findInPieces(ReadTarget target, String text) {
    int there = 0;
    while (true) {
      there = Math.min(text.length(), there + 1 + RANDOM.nextInt(4));
      int found = find(target, text.substring(0, there), false);
      if (found != ReadTarget.NOT_YET) {
        return found;
      }
      if (there == text.length()) {
        return find(target, text, true);
      }
    }
  }

  private static String randomText(String alphabet, int most) {
    var text = new StringBuilder();
    int length = RANDOM.nextInt(most + 1);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static void splitsChangeNothing(
      Supplier<ReadTarget> target, String text, int expected, Object... about) {
    for (int i = 0; i < 10; i++) {
      assertThat(findInPieces(target.get(), text))
          .as("%s in [%s]", List.of(about), text)
          .isEqualTo(expected);
    }
  }

  @Test
  void aDelimiterIsFoundWhereIndexOfFindsItHoweverTheTextComes() {
    for (int i = 0; i < 3000; i++) {
      var delimiter = "a" + randomText("ab", 3);
      var text = randomText("abc", 20);
      int most = RANDOM.nextInt(24);
      int at = text.indexOf(delimiter);
      int end = at < 0 ? Integer.MAX_VALUE : at + delimiter.length();
      int expected = end <= most ? end : text.length() >= most ? TOO_FAR : ReadTarget.NOT_YET;
      splitsChangeNothing(
          () -> new ReadTarget.Until(delimiter.getBytes(ISO_8859_1), most),
          text,
          expected,
          delimiter,
          most);
    }
  }

  @Test
  void anExpressionMatchesAsIfAllWereThereHoweverTheTextComes() {
    var expressions =
        List.of(
            "a+", "a|ab", "ab|a", "(a|b)c", "a.*?b", "a{2,3}", "a(?=b)", "(?<=a)b", "c$", "\\bb",
            "a*+b", "(?!a)c");
    for (int i = 0; i < 4000; i++) {
      var regex = Pattern.compile(expressions.get(i % expressions.size()));
      var text = randomText("abc ", 12);
      int most = RANDOM.nextInt(16);
      var seen = text.substring(0, Math.min(most, text.length()));
      var matcher = regex.matcher(seen);
      int expected =
          matcher.find() ? matcher.end() : text.length() >= most ? TOO_FAR : ReadTarget.NOT_YET;
      splitsChangeNothing(
          () -> new ReadTarget.UntilRegex(regex, most), text, expected, regex, most);
    }
  }

  @Test
  void aMatchThatTouchesTheEndIsNoneYet() {
    var target = new ReadTarget.UntilRegex(Pattern.compile("a+"), 10);
    assertThat(find(target, "xaa", false)).isEqualTo(ReadTarget.NOT_YET);
    assertThat(find(target, "xaa", true)).isEqualTo(3);
    assertThat(find(target, "xaab", false)).isEqualTo(3);
    assertThat(find(target, "xxxxxxxxaa", false)).as("no more is allowed").isEqualTo(10);
  }

  @Test
  void aCountIsMetExactly() {
    for (int count = 0; count < 6; count++) {
      for (int there = 0; there < 8; there++) {
        var text = "x".repeat(there);
        assertThat(find(new ReadTarget.Bytes(count, false), text, false))
            .isEqualTo(there >= count ? count : ReadTarget.NOT_YET);
        assertThat(find(new ReadTarget.Bytes(count, true), text, false))
            .isEqualTo(count == 0 ? 0 : there == 0 ? ReadTarget.NOT_YET : Math.min(count, there));
      }
    }
  }

  @Test
  void theEndIsWhereNoMoreComes() {
    assertThat(find(new ReadTarget.UntilClose(), "abc", false)).isEqualTo(ReadTarget.NOT_YET);
    assertThat(find(new ReadTarget.UntilClose(), "abc", true)).isEqualTo(3);
    assertThat(find(new ReadTarget.UntilClose(), "", true)).isZero();
  }

  @Test
  void bytesAreCharactersOfTheirOwnNumber() {
    var all = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      all.append(c);
    }
    var text = new ReadTarget.Latin1(buffer(all.toString(), 3), 3, 256);
    assertThat(text.length()).isEqualTo(256);
    assertThat(text).hasToString(all.toString());
    assertThat(text.subSequence(10, 20)).hasToString(all.substring(10, 20));
    for (char c = 0; c < 256; c++) {
      assertThat(text.charAt(c)).isEqualTo(c);
    }
  }

  @Test
  void theRefusalNamesTheLimit() {
    assertThatExceptionOfType(UnsatisfiableReadException.class)
        .isThrownBy(() -> new ReadTarget.Until(new byte[] {'!'}, 3).find(buffer("abc", 0), false))
        .withMessageContaining("3 bytes");
  }
}
