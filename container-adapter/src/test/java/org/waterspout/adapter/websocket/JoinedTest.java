// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JoinedTest {
  private static final String TEXT = "a\u00e4\u20ac\ud83d\ude00"; // of 1, 2, 3 and 4 bytes

  @Test
  void textsAreLimitedByTheirBytesHoweverTheyAreCut() {
    int bytes = TEXT.getBytes(UTF_8).length;
    for (int cut = 0; cut <= TEXT.length(); cut++) {
      var fits = new JoinedText(bytes);
      assertThat(fits.add(TEXT.substring(0, cut)) && fits.add(TEXT.substring(cut))).isTrue();
      assertThat(fits.take()).isEqualTo(TEXT);

      var tooLong = new JoinedText(bytes - 1);
      assertThat(tooLong.add(TEXT.substring(0, cut)) && tooLong.add(TEXT.substring(cut))).isFalse();
      assertThat(tooLong.add("a")).isFalse();
    }
  }

  @Test
  void bytesAreLimited() {
    var joined = new JoinedBytes(3);

    assertThat(joined.add(new byte[] {1}) && joined.add(new byte[] {2, 3})).isTrue();
    assertThat(joined.take()).containsExactly(1, 2, 3);
    assertThat(joined.add(new byte[] {4, 5})).isTrue();
    assertThat(joined.add(new byte[] {6, 7})).isFalse();
    assertThat(joined.add(new byte[0])).isFalse();
  }

  @Test
  void theNextMessageBeginsEmpty() {
    var joined = new JoinedText(3);

    assertThat(joined.add("abc")).isTrue();
    assertThat(joined.take()).isEqualTo("abc");
    assertThat(joined.take()).isEmpty();
    assertThat(joined.add("def")).isTrue();
  }
}
