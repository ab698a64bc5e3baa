// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A file or directory of the WAR. */
record FileResource(Path file, BasicFileAttributes attributes) implements Resource {
  @Override
  public boolean isDirectory() {
    return attributes.isDirectory();
  }

  @Override
  public long length() {
    return isDirectory() ? 0 : attributes.size();
  }

  @Override
  public long lastModified() {
    return attributes.lastModifiedTime().toMillis();
  }

  @Override
  public String version() {
    return Long.toHexString(length()) + "-" + Long.toHexString(lastModified());
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  @Override
  public URL url() {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("not a file of the JDK's own file system: " + file, e);
    }
  }
}
