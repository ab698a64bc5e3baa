// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.waterspout.bridge.message.Printable;

/**
 * Unpacks an archive, within limits that count what is really written. An entry that leads out of
 * the directory, comes twice or is damaged makes the whole archive useless.
 *
 * @param maxEntries files and directories
 * @param maxBytes of all files together, unpacked
 */
record Unpacked(int maxEntries, long maxBytes) {
  static final Unpacked DEFAULT = new Unpacked(100_000, 4L * 1024 * 1024 * 1024);

  /**
   * Unpacks into an empty directory, which the caller deletes if it fails.
   *
   * @throws WarException if the archive is none or must be refused
   * @throws IOException if the directory cannot be written
   */
  void unpack(Path archive, Path directory) throws IOException {
    try (ZipFile zip = open(archive)) {
      if (zip.size() > maxEntries) {
        throw new WarException("more than " + maxEntries + " entries");
      }
      long left = maxBytes;
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path target = EntryName.resolve(directory, entry.getName());
        try {
          if (entry.isDirectory()) {
            Files.createDirectories(target);
          } else {
            Files.createDirectories(target.getParent());
            left -= write(zip, entry, target, left);
          }
        } catch (FileAlreadyExistsException e) {
          throw new WarException("two entries in one place: " + printable(entry), e);
        }
      }
    }
  }

  /** Whether everything that the archive holds is in the directory, as file or directory. */
  static boolean isComplete(Path archive, Path directory) throws IOException {
    try (ZipFile zip = open(archive)) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path target = EntryName.resolve(directory, entry.getName());
        if (entry.isDirectory() ? !Files.isDirectory(target) : !Files.isRegularFile(target)) {
          return false;
        }
      }
      return true;
    }
  }

  private static ZipFile open(Path archive) throws IOException {
    try {
      return new ZipFile(archive.toFile());
    } catch (ZipException e) {
      throw new WarException("not a WAR: " + e.getMessage(), e);
    }
  }

  private long write(ZipFile zip, ZipEntry entry, Path target, long left) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    var crc = new CRC32();
    long written = 0;
    try (InputStream in = stream(zip, entry);
        OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      for (int count = read(in, buffer, entry); count >= 0; count = read(in, buffer, entry)) {
        written += count;
        if (written > left) {
          throw new WarException("more than " + maxBytes + " bytes when unpacked");
        }
        crc.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
    if (crc.getValue() != entry.getCrc()) {
      throw new WarException("a damaged entry: " + printable(entry));
    }
    return written;
  }

  private static InputStream stream(ZipFile zip, ZipEntry entry) throws IOException {
    try {
      return zip.getInputStream(entry);
    } catch (ZipException e) {
      throw damaged(entry, e);
    }
  }

  /** What fails here is the archive, not the disk that is written to. */
  private static int read(InputStream in, byte[] buffer, ZipEntry entry) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw damaged(entry, e);
    }
  }

  private static WarException damaged(ZipEntry entry, IOException e) {
    return new WarException("a damaged entry: " + printable(entry), e);
  }

  private static String printable(ZipEntry entry) {
    return Printable.of(entry.getName());
  }
}
