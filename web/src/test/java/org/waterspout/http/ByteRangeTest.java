// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Range headers ask for, RFC 9110 section 14. */
class ByteRangeTest {
  private static String parsed(String header, long size) {
    var ranges = ByteRange.parse(header, size);
    return ranges == null
        ? "ignored"
        : ranges.stream().map(r -> r.first() + "-" + r.last()).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0                | 0-0",
        "bytes=0-999              | 0-999",
        "bytes=0-                 | 0-999",
        "bytes=990-               | 990-999",
        "bytes=990-5000           | 990-999",
        "bytes=-1                 | 999-999",
        "bytes=-5000              | 0-999",
        "BYTES=1-2                | 1-2",
        "bytes= 1-2               | 1-2",
        "bytes=1-2,               | 1-2",
        "bytes=1-99999999999999999999999 | 1-999",
        "bytes=999999999999999999999-    | ''",
        "bytes=-99999999999999999999     | 0-999",
        "bytes=1000-              | ''",
        "bytes=-0                 | ''",
        "bytes=1000-1001, -0      | ''",
        "bytes=1000-, 5-6         | 5-6",
        "bytes=0-9, 500-509       | 0-9 500-509",
        "bytes=500-509, 0-9       | 500-509 0-9",
        "bytes=0-9, 5-20          | 0-20",
        "bytes=0-9, 10-20         | 0-20",
        "bytes=0-9, 50-60         | 0-60",
        "bytes=0-9, 500-509, 8-501 | 0-509",
        "bytes=0-,0-,0-,0-        | 0-999",
      })
  void readsRanges(String header, String ranges) {
    assertThat(parsed(header, 1000)).isEqualTo(ranges);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=26",
        "bytes=-",
        "bytes=--1",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes=0x1-2",
        "bytes=1 - 2",
        "bytes=1-2;3-4",
        "bytes=1-2, x",
        "lines=1-2",
        "bytes 1-2",
        "bytes=\u0661-\u0662",
      })
  void ignoresWhatIsMalformed(String header) {
    assertThat(parsed(header, 1000)).isEqualTo("ignored");
  }

  @Test
  void ignoresTooManyRanges() {
    var many = IntStream.range(0, 32).mapToObj(i -> i * 1000 + "-" + i * 1000).toList();
    assertThat(ByteRange.parse("bytes=" + String.join(",", many), 100_000)).hasSize(32);
    assertThat(parsed("bytes=" + String.join(",", many) + ",99999-", 100_000)).isEqualTo("ignored");
    assertThat(parsed("bytes=" + ",".repeat(100_000), 1000)).isEqualTo("ignored");
  }

  @Test
  void ofNothingThereIsNoPart() {
    assertThat(parsed("bytes=0-", 0)).isEmpty();
    assertThat(parsed("bytes=-5", 0)).isEqualTo("ignored");
  }

  @Test
  void whatIsAskedForIsSentOnceAndWhole() {
    var random = new Random(14);
    for (int i = 0; i < 2000; i++) {
      int size = 1 + random.nextInt(2000);
      var specs =
          random
              .ints(1 + random.nextInt(6), 0, 2500)
              .mapToObj(first -> first + "-" + (first + random.nextInt(400)))
              .collect(Collectors.joining(","));
      var ranges = ByteRange.parse("bytes=" + specs, size);
      int[] sent = new int[size];
      assertThat(ranges).isNotNull();
      for (var range : ranges) {
        for (long at = range.first(); at <= range.last(); at++) {
          sent[(int) at]++;
        }
      }
      assertThat(sent).as(specs).containsOnly(sentOrNot(sent));
      for (var spec : specs.split(",")) {
        int dash = spec.indexOf('-');
        int first = Integer.parseInt(spec.substring(0, dash));
        int last = Math.min(size - 1, Integer.parseInt(spec.substring(dash + 1)));
        for (int at = first; at <= last; at++) {
          assertThat(sent[at]).as(specs).isEqualTo(1);
        }
      }
    }
  }

  private static int[] sentOrNot(int[] sent) {
    return IntStream.of(sent).map(count -> Math.min(count, 1)).distinct().toArray();
  }
}
