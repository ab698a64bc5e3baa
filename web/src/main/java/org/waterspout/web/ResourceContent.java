// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource that is no file, most often an entry of a jar. It is read while it is sent, and does
 * not change while the program runs. Blocks.
 *
 * @param modified when the jar was changed; null if that is not known
 */
record ResourceContent(URL url, long size, @Nullable Instant modified) implements StaticContent {
  /**
   * The content of a resource. One that does not say how large it is is read into memory.
   *
   * @throws HTTPError with 403 if it is a folder
   */
  static StaticContent find(URL url) throws IOException {
    var connection = url.openConnection();
    try (var in = connection.getInputStream()) { // to be closed, whatever else is asked
      if (connection instanceof JarURLConnection jar && jar.getJarEntry().isDirectory()) {
        throw new HTTPError(403);
      }
      long size = connection.getContentLengthLong();
      long time =
          connection instanceof JarURLConnection jar ? time(jar) : connection.getLastModified();
      var modified = time == 0 ? null : Instant.ofEpochMilli(time);
      return size < 0
          ? StaticContent.of(in.readAllBytes(), modified)
          : new ResourceContent(url, size, modified);
    }
  }

  /** Whether a resource is a folder. */
  static boolean isFolder(URL url) throws IOException {
    var connection = url.openConnection();
    try (var _ = connection.getInputStream()) {
      return connection instanceof JarURLConnection jar && jar.getJarEntry().isDirectory();
    }
  }

  /** The jar's: reproducible builds give all entries the same time, whatever is in them. */
  private static long time(JarURLConnection jar) throws IOException {
    var file = jar.getJarFileURL();
    return file.getProtocol().equals("file")
        ? Files.getLastModifiedTime(ResourceRoot.path(file)).toMillis()
        : jar.getLastModified();
  }

  @Override
  public String version() throws IOException {
    return size <= FileContent.MOST_HASHED || modified == null
        ? ContentVersions.OF_PROCESS.of(url.toString(), size, size, this::open)
        : ContentVersions.hash(url + " " + size + " " + modified);
  }

  @Override
  public SeekableByteChannel open() {
    return new Reader(url, size);
  }

  /** Reads forward; who goes back begins anew. Nothing is opened before the first read. */
  private static final class Reader implements SeekableByteChannel {
    private final URL url;
    private final long size;
    private @Nullable InputStream in; // null: not open, or to be opened anew
    private long at; // where the stream is
    private long position;
    private boolean open = true;

    Reader(URL url, long size) {
      this.url = url;
      this.size = size;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      int count = (int) Math.min(into.remaining(), size - position);
      if (count <= 0) {
        return position < size ? 0 : -1;
      }
      byte[] bytes = new byte[count];
      int read = atPosition().readNBytes(bytes, 0, count);
      at += read;
      position = at;
      into.put(bytes, 0, read);
      return read == 0 ? -1 : read;
    }

    private InputStream atPosition() throws IOException {
      if (in == null || at > position) {
        closeStream();
        in = url.openStream();
        at = 0;
      }
      try {
        in.skipNBytes(position - at);
      } catch (EOFException e) {
        throw new IOException("the resource is shorter than it was", e);
      }
      at = position;
      return in;
    }

    private void closeStream() throws IOException {
      var old = in;
      in = null;
      if (old != null) {
        old.close();
      }
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long position) {
      this.position = position;
      return this;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      closeStream();
    }
  }
}
