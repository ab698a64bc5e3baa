// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder.
 *
 * @param outsideLinks whether links may lead out of it
 */
record FolderRoot(Path folder, boolean outsideLinks) implements StaticRoot {
  @Override
  public @Nullable StaticContent find(List<String> names) throws IOException {
    Path file = resolve(names);
    return file == null ? null : FileContent.find(file);
  }

  @Override
  public boolean isFolder(List<String> names) throws IOException {
    Path file = resolve(names);
    return file != null && Files.isDirectory(file);
  }

  /** The path without links; null if nothing is there. */
  private @Nullable Path resolve(List<String> names) throws IOException {
    try {
      Path root = folder.toRealPath();
      Path path = root;
      for (String name : names) {
        Path one = root.getFileSystem().getPath(name);
        if (one.isAbsolute() || one.getRoot() != null || one.getNameCount() != 1) {
          return null; // "C:" and its like
        }
        path = path.resolve(one);
      }
      Path real = path.toRealPath();
      if (!outsideLinks && !real.startsWith(root)) {
        throw new HTTPError(403, "a link out of the root");
      }
      return real;
    } catch (InvalidPathException e) {
      return null;
    } catch (AccessDeniedException e) {
      throw new HTTPError(403, "access denied", e);
    } catch (FileSystemException e) {
      return null; // not there, a name too long, links in a circle
    }
  }
}
