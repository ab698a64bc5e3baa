// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the class path: in a jar, whose entries are read into memory, or of files. Links
 * there are followed: they are part of the program.
 *
 * @param find finds resources by their full names
 * @param folder without slashes around it
 */
record ResourceRoot(Function<String, @Nullable URL> find, String folder) implements StaticRoot {
  @Override
  public @Nullable StaticContent find(List<String> names) throws IOException {
    URL url = url(names);
    if (url == null) {
      return null;
    }
    if (url.getProtocol().equals("file")) {
      return FileContent.find(path(url).toRealPath());
    }
    var connection = url.openConnection();
    if (connection instanceof JarURLConnection jar && jar.getJarEntry().isDirectory()) {
      throw new HTTPError(403);
    }
    long modified = connection.getLastModified();
    try (var in = connection.getInputStream()) {
      return new Resource(
          url.toString(),
          new BytesContent(
              in.readAllBytes(), modified == 0 ? null : Instant.ofEpochMilli(modified)));
    }
  }

  @Override
  public boolean isFolder(List<String> names) throws IOException {
    URL url = url(names);
    if (url == null) {
      return false;
    }
    return url.getProtocol().equals("file")
        ? Files.isDirectory(path(url))
        : url.openConnection() instanceof JarURLConnection jar && jar.getJarEntry().isDirectory();
  }

  private @Nullable URL url(List<String> names) {
    return find.apply(folder + "/" + String.join("/", names));
  }

  private static Path path(URL url) throws IOException {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException("not a path: " + url, e);
    }
  }

  /** Resources do not change while the program runs. */
  private record Resource(String url, BytesContent content) implements StaticContent {
    @Override
    public long size() {
      return content.size();
    }

    @Override
    public @Nullable Instant modified() {
      return content.modified();
    }

    @Override
    public String version() throws IOException {
      return ContentVersions.OF_PROCESS.of(url, size(), size(), content::open);
    }

    @Override
    public SeekableByteChannel open() {
      return content.open();
    }
  }
}
