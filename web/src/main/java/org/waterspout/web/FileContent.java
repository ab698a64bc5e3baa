// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A regular file, as it looked when it was found. Blocks.
 *
 * <p>What is small has the hash of its content as its version. For others the version is made of
 * how the file looks: nobody waits until gigabytes are read. So it is for a file that has just been
 * changed, a log for instance, that would be another one before it is read to its end.
 */
final class FileContent implements StaticContent {
  /** Larger ones are not read for a hash. */
  static final long MOST_HASHED = 16 * 1024 * 1024;

  /** For so long, file systems may give another change the same time. */
  private static final Duration UNSETTLED = Duration.ofSeconds(2);

  private final Path file;
  private final Stamp stamp;
  private final boolean settled;

  /** How a file looks; the key is the i-node's, or null. */
  private record Stamp(long size, FileTime modified, @Nullable Object key) {
    static Stamp of(BasicFileAttributes attributes) {
      return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
  }

  private FileContent(Path file, Stamp stamp, boolean settled) {
    this.file = file;
    this.stamp = stamp;
    this.settled = settled;
  }

  /**
   * The file of this path, which has no links in it.
   *
   * @return null if there is none
   * @throws HTTPError with 403 if it is a folder or something else that has no content, or must not
   *     be read
   */
  static @Nullable FileContent find(Path file) throws IOException {
    try {
      var before = Instant.now().minus(UNSETTLED);
      var attributes = attributes(file);
      if (!attributes.isRegularFile()) {
        throw new HTTPError(403);
      }
      var stamp = Stamp.of(attributes);
      return new FileContent(file, stamp, stamp.modified.toInstant().isBefore(before));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (AccessDeniedException e) {
      throw new HTTPError(403, "access denied", e);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long size() {
    return stamp.size;
  }

  @Override
  public Instant modified() {
    return stamp.modified.toInstant();
  }

  @Override
  public String version() throws IOException {
    return settled && stamp.size <= MOST_HASHED
        ? ContentVersions.OF_PROCESS.of(file, stamp, stamp.size, this::open)
        : ContentVersions.hash(stamp + (settled ? "" : " unsettled")); // has the i-node's number
  }

  /**
   * Whether another change would show in how it looks. If not, its version may be that of two
   * contents (RFC 9110 section 8.8.1: a weak one), and it is another one once the file has settled.
   */
  boolean settled() {
    return settled;
  }

  @Override
  public SeekableByteChannel open() throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (AccessDeniedException e) {
      throw new HTTPError(403, "access denied", e);
    }
  }

  /**
   * Whether it still looks the same, and its path still has no links in it; one that has not
   * settled may have grown. Asked when it is open, this finds most of those who put a link in place
   * of a folder after the path was looked at. Who can write below the root and puts the folder back
   * before this looks, too, is not found: the JDK cannot open a path without its links.
   */
  boolean isCurrent() throws IOException {
    try {
      if (!file.toRealPath().equals(file)) {
        return false;
      }
      var now = Stamp.of(attributes(file));
      return settled
          ? now.equals(stamp)
          : now.size >= stamp.size && Objects.equals(now.key, stamp.key);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
