// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.waterspout.escape.Escape;

/**
 * A file on its way to a directory. Until it is whole its name ends with {@code .part}.
 *
 * <p>Its methods block, so they do not belong on a loop; any thread may call them. After the end,
 * whichever it was, they do nothing.
 */
final class IncomingFile {
  /** Most file systems allow 255 bytes. */
  private static final int MAX_NAME = 180;

  private final Path target;
  private final Path part;
  private final FileChannel channel;
  private long size;

  private IncomingFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.channel = channel;
  }

  /**
   * Makes an empty file.
   *
   * @param clientName what the client calls it: only letters, digits and the like get into its name
   *     as they are, behind something that nobody else has
   */
  static IncomingFile create(Path directory, String clientName) throws IOException {
    var escaped = Escape.urlEscape(clientName, false);
    var name = escaped.substring(Math.max(0, escaped.length() - MAX_NAME)); // keeps the suffix
    var target = directory.resolve(UUID.randomUUID() + "-" + name);
    var part = target.resolveSibling(target.getFileName() + ".part");
    var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new IncomingFile(target, part, channel);
  }

  /** Adds bytes at the end. */
  synchronized long write(byte[] chunk) throws IOException {
    if (channel.isOpen()) {
      var buffer = ByteBuffer.wrap(chunk);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      size += chunk.length;
    }
    return size;
  }

  /** How many bytes there are. */
  synchronized long size() {
    return size;
  }

  /** It is whole: gives it its name and returns that. */
  synchronized String keep() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      Files.move(part, target);
    }
    return target.getFileName().toString();
  }

  /** It will never be whole. */
  synchronized boolean discard() throws IOException {
    if (!channel.isOpen()) {
      return false;
    }
    channel.close();
    return Files.deleteIfExists(part);
  }
}
