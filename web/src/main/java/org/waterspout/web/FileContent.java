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
import org.jspecify.annotations.Nullable;

/** A regular file, as it looked when it was found. Blocks. */
final class FileContent implements StaticContent {
  /** For so long, file systems may give another change the same time. */
  private static final Duration UNSETTLED = Duration.ofSeconds(2);

  private final Path file;
  private final Stamp stamp;

  /** How a file looks; the key is the i-node's, or null. */
  private record Stamp(long size, FileTime modified, @Nullable Object key) {
    static Stamp of(BasicFileAttributes attributes) {
      return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
  }

  private FileContent(Path file, Stamp stamp) {
    this.file = file;
    this.stamp = stamp;
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
      var attributes = attributes(file);
      if (!attributes.isRegularFile()) {
        throw new HTTPError(403);
      }
      return new FileContent(file, Stamp.of(attributes));
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
    boolean settled = modified().isBefore(Instant.now().minus(UNSETTLED));
    return ContentVersions.OF_PROCESS.of(file, stamp, settled, this::open);
  }

  @Override
  public SeekableByteChannel open() throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (AccessDeniedException e) {
      throw new HTTPError(403, "access denied", e);
    }
  }

  /** Whether it still looks the same. */
  boolean isCurrent() throws IOException {
    try {
      return stamp.equals(Stamp.of(attributes(file)));
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
