// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masks, word by word, against byte by byte. */
class MaskingTest {
  @Test
  void masksEveryRangeAtEveryOffset() {
    var random = new Random(7);
    for (int length = 0; length < 40; length++) {
      for (int offset = 0; offset < 9; offset++) {
        int mask = random.nextInt();
        var bytes = new byte[length + 5];
        random.nextBytes(bytes);
        var expected = bytes.clone();
        for (int i = 0; i < length; i++) {
          expected[3 + i] ^= (byte) (mask >>> (24 - 8 * ((offset + i) % 4)));
        }

        Masking.apply(bytes, 3, 3 + length, mask, offset);

        assertThat(bytes).isEqualTo(expected);
      }
    }
  }

  @Test
  void knowsOffsetsBeyondTwoGiB() {
    var bytes = new byte[] {0};

    Masking.apply(bytes, 0, 1, 0x01020304, 0x1_0000_0002L);

    assertThat(bytes).containsExactly(3);
  }
}
