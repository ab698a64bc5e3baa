// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hashes of contents, each computed once for as long as the content looks the same. For all
 * handlers of the process; from any thread, and may block.
 */
final class ContentVersions {
  static final ContentVersions OF_PROCESS = new ContentVersions(10_000);

  private static final int BYTES = 16; // of a hash
  private static final int BUFFER = 64 * 1024;

  private record Entry(Object stamp, CompletableFuture<String> version) {}

  private final int most;
  private final Map<Object, Entry> entries = new HashMap<>();
  private final List<Object> keys = new ArrayList<>(); // of the entries, in no order

  @FunctionalInterface
  interface Opener {
    ReadableByteChannel open() throws IOException;
  }

  /** Remembers so many. */
  ContentVersions(int most) {
    this.most = most;
  }

  /**
   * The hash of a content. Who asks for one that somebody else computes waits for that.
   *
   * @param key whose content
   * @param stamp how it looks, without reading it
   * @param size how many bytes it has; no more are read
   */
  String of(Object key, Object stamp, long size, Opener content) throws IOException {
    var mine = new Entry(stamp, new CompletableFuture<>());
    var entry = entry(key, mine);
    if (!entry.equals(mine)) {
      return join(entry);
    }
    try {
      String version = hash(content.open(), size);
      mine.version.complete(version);
      return version;
    } catch (Throwable e) {
      forget(key, mine);
      mine.version.completeExceptionally(e);
      throw e;
    }
  }

  /** The entry that is there, if it is of the same stamp; else this one, from now on. */
  private synchronized Entry entry(Object key, Entry mine) {
    var old = entries.get(key);
    if (old != null && old.stamp.equals(mine.stamp)) {
      return old;
    }
    if (old == null) {
      if (entries.size() >= most) {
        evict();
      }
      keys.add(key);
    }
    entries.put(key, mine);
    return mine;
  }

  /**
   * Drops one at random, so that more files than there is room for, asked for in turn, are not all
   * read again each time. One that is being computed stays.
   */
  private void evict() {
    int start = ThreadLocalRandom.current().nextInt(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      int at = (start + i) % keys.size();
      var entry = entries.get(keys.get(at));
      if (entry != null && entry.version.isDone()) {
        entries.remove(keys.get(at));
        Collections.swap(keys, at, keys.size() - 1);
        keys.removeLast();
        return;
      }
    }
  }

  private synchronized void forget(Object key, Entry mine) {
    if (entries.remove(key, mine)) {
      keys.remove(key);
    }
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

  /** The hash of so many bytes of a channel, or of what there is; closes the channel. */
  static String hash(ReadableByteChannel content, long size) throws IOException {
    var digest = sha256();
    try (content) {
      var buffer = ByteBuffer.allocate(BUFFER);
      long left = size;
      while (left > 0 && content.read(buffer.limit((int) Math.min(left, BUFFER))) >= 0) {
        left -= buffer.position();
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    return text(digest);
  }

  /** The hash of a text. */
  static String hash(String text) {
    var digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return text(digest);
  }

  private static String text(MessageDigest digest) {
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
