// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.log.Log;

/**
 * What was found for one request, off the loop and at one go, so that a small file costs one change
 * of threads.
 *
 * @param content what is sent
 * @param version of the content; null if it has none
 * @param plainVersion of what the path names; null if it has none, or has just been changed
 * @param coding of the content; null if it is not compressed
 * @param varies whether other clients may be sent another one
 * @param bytes all of it, if that is not much
 * @param channel where to read it, if it is; whoever has this closes it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record FoundContent(
    StaticContent content,
    @Nullable String version,
    @Nullable String plainVersion,
    @Nullable String coding,
    boolean varies,
    byte @Nullable [] bytes,
    @Nullable SeekableByteChannel channel)
    implements AutoCloseable {
  /** Up to this size content is read at once, and no file stays open. */
  private static final int SMALL = 64 * 1024;

  /** How often a file may change under our eyes. */
  private static final int TRIES = 3;

  /** The codings, and how the names of files end that have them; the better one first. */
  private enum Coding {
    BR("br", ".br"),
    GZIP("gzip", ".gz");

    final String token;
    final String ending;

    Coding(String token, String ending) {
      this.token = token;
      this.ending = ending;
    }
  }

  private static final Map<Coding, StaticContent> NO_CODINGS = Map.of();

  /** Finds the content of a path. */
  @FunctionalInterface
  interface Finder {
    @Nullable StaticContent find(String path) throws IOException;
  }

  /**
   * Finds what a request is answered with. Blocks.
   *
   * @param file the path of the file itself, where that of a folder means one in it; null if
   *     compressed content is not looked for
   * @param open whether the content itself is wanted
   * @throws HTTPError with 404 if there is nothing
   */
  static FoundContent find(
      Finder finder, String path, @Nullable String file, HTTPHeaders request, boolean open)
      throws IOException {
    for (int i = 0; i < TRIES; i++) {
      var plain = finder.find(path);
      if (plain == null) {
        throw new HTTPError(404);
      }
      var compressed = file == null ? NO_CODINGS : compressed(finder, file, plain);
      var found = found(plain, compressed, best(compressed.keySet(), request), open);
      if (found != null) {
        return found;
      }
    }
    throw new IOException(path + " changes too fast to be sent");
  }

  private static Map<Coding, StaticContent> compressed(
      Finder finder, String file, StaticContent plain) {
    Map<Coding, StaticContent> there = new EnumMap<>(Coding.class);
    for (var coding : Coding.values()) {
      try {
        var found = finder.find(file + coding.ending);
        if (found != null && !isOlder(found, plain)) {
          there.put(coding, found);
        }
      } catch (IOException | HTTPError e) {
        // a folder of that name, say: then there is none
      }
    }
    return there;
  }

  private static boolean isOlder(StaticContent content, StaticContent other) {
    var modified = content.modified();
    var otherModified = other.modified();
    return modified != null && otherModified != null && modified.isBefore(otherModified);
  }

  /** Null if the client takes none of them. */
  private static @Nullable Coding best(Set<Coding> there, HTTPHeaders request) {
    Coding best = null;
    int most = 0;
    for (var coding : there) { // the better one first
      int weight = AcceptEncoding.weight(request, coding.token);
      if (weight > most) {
        best = coding;
        most = weight;
      }
    }
    return best;
  }

  /** Null if the content has changed meanwhile. */
  private static @Nullable FoundContent found(
      StaticContent plain,
      Map<Coding, StaticContent> compressed,
      @Nullable Coding coding,
      boolean open)
      throws IOException {
    var content = coding == null ? plain : compressed.getOrDefault(coding, plain);
    String version = content.version();
    String plainVersion = isSettled(plain) ? plain.version() : null;
    String token = coding == null ? null : coding.token;
    boolean varies = !compressed.isEmpty();
    if (!open) {
      return new FoundContent(content, version, plainVersion, token, varies, null, null);
    }
    boolean small = content.size() <= SMALL;
    boolean kept = false;
    var channel = content.open();
    try {
      byte[] bytes = small ? read(channel, 0, (int) content.size()) : null;
      boolean changed =
          (content instanceof FileContent file && !file.isCurrent())
              || (bytes != null && bytes.length < content.size());
      kept = !small && !changed;
      return changed
          ? null
          : new FoundContent(
              content, version, plainVersion, token, varies, bytes, kept ? channel : null);
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static boolean isSettled(StaticContent content) {
    return !(content instanceof FileContent file) || file.settled();
  }

  /** The tag of the content, RFC 9110 section 8.8.3; null if it has none. Does not block. */
  @Nullable String etag() {
    String tag = '"' + version + '"';
    return version == null ? null : isSettled(content) ? tag : EntityTag.weakened(tag);
  }

  /** Closes the channel, if there is one. */
  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      Log.GENERAL.log(System.Logger.Level.DEBUG, "A static file was not closed", e);
    }
  }

  /** So many bytes, or as many as there are. Blocks. */
  static byte[] read(SeekableByteChannel channel, long position, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    channel.position(position);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        break;
      }
    }
    byte[] array = bytes.array();
    return bytes.hasRemaining() ? Arrays.copyOf(array, bytes.position()) : array;
  }
}
