// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, bytes 0-0/10",
    "bytes=2-5, bytes 2-5/10",
    "BYTES=2-, bytes 2-9/10",
    "bytes=-3, bytes 7-9/10",
    "bytes=-30, bytes 0-9/10",
    "bytes=9-99999999999999999999999, bytes 9-9/10",
    "bytes=10-, bytes */10",
    "bytes=10-20, bytes */10",
    "bytes=-0, bytes */10"
  })
  void findsThePart(String header, String contentRange) {
    ByteRange range = ByteRange.parse(header, 10);
    assertThat(range).isNotNull();
    assertThat(range.of(10)).isEqualTo(contentRange);
    assertThat(range.isEmpty()).isEqualTo(contentRange.contains("*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=+1-2",
        "bytes=1",
        "b=0-1",
        "bytes=0-1,3-4",
        "bytes=--3",
        "bytes=1-2-3",
        "bytes=0x1-2",
        "bytes=\u0661-2"
      })
  void ignoresWhatItCannotReadOrDoesNotServe(String header) {
    assertThat(ByteRange.parse(header, 10)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=-1", "bytes=-0"})
  void ignoresTheEndOfNothing(String header) {
    assertThat(ByteRange.parse(header, 0)).isNull();
  }
}
