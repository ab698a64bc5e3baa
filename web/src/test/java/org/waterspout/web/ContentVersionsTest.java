// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hashes of contents: how often these are read. */
class ContentVersionsTest {
  private static final int MOST = 100;

  private final ContentVersions versions = new ContentVersions(MOST);
  private final Map<Object, Integer> reads = new HashMap<>();

  private static ReadableByteChannel channel(String content) {
    return Channels.newChannel(new ByteArrayInputStream(content.getBytes()));
  }

  private String version(Object key, Object stamp) throws IOException {
    return versions.of(
        key,
        stamp,
        3,
        () -> {
          reads.merge(key, 1, Integer::sum);
          return channel("abc");
        });
  }

  @Test
  void readsOncePerStamp() throws Exception {
    assertThat(version("a", 1)).isEqualTo(version("a", 1)).hasSize(22);
    assertThat(reads).containsEntry("a", 1);
    assertThat(version("a", 2)).isEqualTo(version("b", 2));
    assertThat(reads).containsEntry("a", 2);
  }

  @Test
  void readsNoMoreThanTheSize() throws Exception {
    String version = version("a", 1);
    assertThat(ContentVersions.hash(channel("abcd"), 3)).isEqualTo(version);
    assertThat(ContentVersions.hash(channel("abc"), 4)).isEqualTo(version);
    assertThat(ContentVersions.hash(channel("abc"), 2)).isNotEqualTo(version);
  }

  @Test
  void oneTooManyDoesNotHaveAllReadAgain() throws Exception {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i <= MOST; i++) {
        var _ = version(i, 1);
      }
    }
    int again = reads.values().stream().mapToInt(Integer::intValue).sum() - MOST - 1;
    assertThat(again).isBetween(1, MOST / 2);
  }

  @Test
  void whatIsBeingReadIsNotDropped() throws Exception {
    var one = new ContentVersions(1);
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  one.of(
                      "a",
                      1,
                      3,
                      () -> {
                        begun.countDown();
                        awaitQuietly(goOn);
                        return channel("abc");
                      }));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(one.of("b", 1, 3, () -> channel("abc"))).hasSize(22);
      assertThat(one.of("c", 1, 3, () -> channel("abc"))).hasSize(22);
      goOn.countDown();
      String version = first.get(20, TimeUnit.SECONDS);
      assertThat(one.of("a", 1, 3, ContentVersionsTest::refuse)).isEqualTo(version);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static ReadableByteChannel refuse() throws IOException {
    throw new IOException("refused");
  }

  @Test
  void afterAFailureItIsReadAgain() throws Exception {
    assertThatThrownBy(() -> versions.of("a", 1, 3, ContentVersionsTest::refuse))
        .isInstanceOf(IOException.class);
    assertThat(version("a", 1)).hasSize(22);
    assertThat(reads).containsEntry("a", 1);
  }
}
