// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.upload;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are kept: in memory up to a threshold, all of them in a file of its own beyond that.
 *
 * <p>Life: filling; whole, after {@link #end}, when it is read as often as wanted; gone, after
 * {@link #delete}. Filled by one thread; safe for all threads once it is whole.
 */
public final class Spool {
  private final int threshold;
  private final Path directory;

  /** Null once a file is used, and when gone. */
  private @Nullable ByteArrayOutputStream memory = new ByteArrayOutputStream(0);

  /** Null while memory is used, and when gone. */
  private @Nullable Path file;

  /** What fills the file; null unless that is being done. */
  private @Nullable OutputStream filling;

  /** Whether the file is one of ours and not what the application has made of it. */
  private boolean temporary;

  private long size;

  /**
   * @param directory where the file is made; it exists by then
   */
  public Spool(int threshold, Path directory) {
    this.threshold = threshold;
    this.directory = directory;
  }

  /** Adds bytes. */
  public void write(byte[] bytes) throws IOException {
    size += bytes.length;
    ByteArrayOutputStream gathered = memory;
    if (gathered != null && size <= threshold) {
      gathered.writeBytes(bytes);
      return;
    }
    OutputStream out = filling;
    if (out == null) {
      out = openFile();
      if (gathered != null) {
        gathered.writeTo(out);
      }
      memory = null;
    }
    out.write(bytes);
  }

  private OutputStream openFile() throws IOException {
    Path made = Files.createTempFile(directory, "upload", ".tmp"); // for nobody else to read
    file = made;
    temporary = true;
    OutputStream out = Files.newOutputStream(made);
    filling = out;
    return out;
  }

  /** Nothing more comes. */
  public void end() throws IOException {
    OutputStream out = filling;
    filling = null;
    if (out != null) {
      out.close();
    }
  }

  /** How many bytes there are. */
  public long size() {
    return size;
  }

  /** All bytes from the beginning; the caller closes it. */
  public synchronized InputStream open() throws IOException {
    if (file != null) {
      return Files.newInputStream(file);
    }
    if (memory != null) {
      return new ByteArrayInputStream(memory.toByteArray());
    }
    throw new NoSuchFileException("the upload has been deleted");
  }

  /**
   * Puts the bytes into a file that stays, and replaces what was there. They can still be read.
   *
   * @throws IOException also if the target is a directory
   */
  public synchronized void keepAs(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("an upload cannot take the place of a directory: " + target);
    }
    if (file != null && temporary) {
      file = Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
      temporary = false;
      return;
    }
    try (InputStream in = open()) {
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Drops the bytes, but not a file that {@link #keepAs} has made. */
  public synchronized void delete() throws IOException {
    Path held = temporary ? file : null;
    memory = null;
    file = null;
    try {
      end();
    } finally {
      if (held != null) {
        Files.deleteIfExists(held);
      }
    }
  }
}
