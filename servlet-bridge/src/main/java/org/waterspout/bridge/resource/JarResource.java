// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.mapping.CanonicalPath;

/**
 * A file or directory in a library.
 *
 * @param place the jar on disk
 * @param name the whole name of its entry, without a slash at the end
 * @param entry null of a directory that has no entry of its own
 */
record JarResource(
    JarFile jar, Path place, String name, boolean isDirectory, @Nullable ZipEntry entry)
    implements Resource {
  @Override
  public long length() {
    return isDirectory || entry == null ? 0 : entry.getSize();
  }

  /** Of the jar: many builds give all entries of all versions the same time. */
  @Override
  public long lastModified() {
    return place.toFile().lastModified();
  }

  @Override
  public String version() {
    return Long.toHexString(length()) + "-" + Long.toHexString(entry == null ? 0 : entry.getCrc());
  }

  @Override
  public InputStream open() throws IOException {
    if (isDirectory || entry == null) {
      throw new FileNotFoundException(name + " is a directory");
    }
    return jar.getInputStream(entry);
  }

  @Override
  public URL url() {
    String path = CanonicalPath.encode("/" + name) + (isDirectory ? "/" : "");
    try {
      return URI.create("jar:" + place.toUri() + "!" + path).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("every Java reads jars", e);
    }
  }

  @Override
  public @Nullable Path file() {
    return null;
  }
}
