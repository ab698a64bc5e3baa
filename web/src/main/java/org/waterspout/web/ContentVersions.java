// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of contents, each computed once for as long as the content looks the same. For all
 * handlers of the process; from any thread, and may block.
 */
final class ContentVersions {
  static final ContentVersions OF_PROCESS = new ContentVersions();

  private static final int MOST = 10_000; // then it begins anew
  private static final int BYTES = 16; // of a hash
  private static final int BUFFER = 64 * 1024;

  private record Entry(Object stamp, CompletableFuture<String> version) {}

  private final ConcurrentHashMap<Object, Entry> entries = new ConcurrentHashMap<>();

  @FunctionalInterface
  interface Opener {
    ReadableByteChannel open() throws IOException;
  }

  /**
   * The hash of a content. Who asks for one that somebody else computes waits for that.
   *
   * @param key whose content
   * @param stamp how it looks, without reading it
   * @param settled whether another change would show in the stamp
   */
  String of(Object key, Object stamp, boolean settled, Opener content) throws IOException {
    var mine = new Entry(stamp, new CompletableFuture<>());
    if (entries.size() >= MOST) {
      entries.clear();
    }
    var entry = entries.compute(key, (_, old) -> isOf(old, stamp) ? old : mine);
    if (!entry.equals(mine)) {
      return join(entry);
    }
    try {
      String version = hash(content.open());
      mine.version.complete(version);
      if (!settled) {
        entries.remove(key, mine);
      }
      return version;
    } catch (Throwable e) {
      entries.remove(key, mine);
      mine.version.completeExceptionally(e);
      throw e;
    }
  }

  private static boolean isOf(@Nullable Entry entry, Object stamp) {
    return entry != null && entry.stamp.equals(stamp);
  }

  private static String join(Entry entry) throws IOException {
    try {
      return entry.version.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw new IOException(failure.getMessage(), failure);
      }
      throw e;
    }
  }

  /** The hash of what a channel holds from here on; closes the channel. */
  static String hash(ReadableByteChannel content) throws IOException {
    var digest = sha256();
    try (content) {
      var buffer = ByteBuffer.allocate(BUFFER);
      while (content.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    byte[] hash = Arrays.copyOf(digest.digest(), BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
