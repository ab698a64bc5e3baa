// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link StaticFileHandler} answers with, as it was when it was found: a file, a
 * resource, or whatever {@link StaticFileHandler#findContent} knows to find. All methods may block
 * and are called off the loop, by one thread at a time.
 */
public interface StaticContent {
  /** How many bytes it has. */
  long size();

  /** When it was last changed; null if that is not known. */
  @Nullable Instant modified();

  /**
   * What is different whenever a byte is: the entity tag without its quotes, and what {@link
   * RequestHandler#staticUrl} puts behind the path. Letters, digits, {@code -} and {@code _}.
   *
   * @return null if that is not known
   */
  @Nullable String version() throws IOException;

  /**
   * Opens it for reading, at any place. Whoever gets the channel closes it. A file's is a {@link
   * java.nio.channels.FileChannel}, which can be sent without a copy.
   */
  SeekableByteChannel open() throws IOException;

  /** Content in memory, which must not change. */
  static StaticContent of(byte[] bytes, @Nullable Instant modified) {
    return new BytesContent(bytes, modified);
  }
}
