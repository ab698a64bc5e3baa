// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.waterspout.bridge.war.WarException;

/**
 * The name of a directory's content: a SHA-256 over the names and contents of its files.
 *
 * @param hash in hexadecimal
 * @param files how many
 * @param bytes of all files together
 */
record TreeHash(String hash, int files, long bytes) {
  /**
   * Reads all files.
   *
   * @param salt what else decides what the content becomes
   * @throws WarException if a link is among them: a copy would turn it into what it leads to
   */
  static TreeHash of(Path root, String salt) throws IOException {
    MessageDigest digest = sha256();
    digest.update(salt.getBytes(StandardCharsets.UTF_8));
    int files = 0;
    long bytes = 0;
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all.sorted()::iterator) {
        if (Files.isSymbolicLink(file)) {
          throw new WarException("a link is in the way of a conversion: " + file);
        }
        if (Files.isRegularFile(file)) {
          long size = Files.size(file);
          update(digest, root.relativize(file).toString(), size);
          update(digest, file);
          files++;
          bytes += size;
        }
      }
    }
    return new TreeHash(HexFormat.of().formatHex(digest.digest()), files, bytes);
  }

  private static void update(MessageDigest digest, String name, long size) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(12).putInt(bytes.length).putLong(size).flip());
    digest.update(bytes);
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
