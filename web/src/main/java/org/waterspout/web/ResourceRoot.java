// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the class path: in a jar, or of files. Links there are followed: they are part of the
 * program.
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
    return ResourceContent.find(url);
  }

  @Override
  public boolean isFolder(List<String> names) throws IOException {
    URL url = url(names);
    if (url == null) {
      return false;
    }
    return url.getProtocol().equals("file")
        ? Files.isDirectory(path(url))
        : ResourceContent.isFolder(url);
  }

  private @Nullable URL url(List<String> names) {
    return find.apply(folder + "/" + String.join("/", names));
  }

  static Path path(URL url) throws IOException {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IOException("not a path: " + url, e);
    }
  }
}
