// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A web application on disk.
 *
 * @param source the file or directory that was named
 * @param root the directory with its content: the source itself if it is exploded
 */
public record WarFile(Path source, Path root) {
  private static final String WEB_INF = "WEB-INF";

  /**
   * Opens a WAR. A packed one is unpacked, an exploded one used where it is.
   *
   * @throws WarException if it is none; the message begins with the source
   */
  public static WarFile open(Path source, WorkDirectory work) throws IOException {
    try {
      WarFile war = new WarFile(source, root(source, work));
      if (!Files.isDirectory(war.webInf())) {
        throw new WarException("not a WAR: it has no directory " + WEB_INF);
      }
      return war;
    } catch (WarException e) {
      throw new WarException(source + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException(source + ": " + e, e); // the disk is full, or a name too long
    }
  }

  private static Path root(Path source, WorkDirectory work) throws IOException {
    if (Files.isDirectory(source)) {
      return source.toRealPath();
    }
    if (!Files.isRegularFile(source)) {
      throw new WarException("neither a file nor a directory");
    }
    return work.unpack(source, Unpacked.DEFAULT);
  }

  public Path webInf() {
    return root.resolve(WEB_INF);
  }

  /** The directory with its classes, which may not exist. */
  public Path classes() {
    return webInf().resolve("classes");
  }

  /** Its libraries, in the order of their names, so that every machine sees the same. */
  public List<Path> libraries() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(webInf().resolve("lib"))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.toLowerCase(Locale.ROOT).endsWith(".jar") && Files.isRegularFile(file)) {
          jars.add(file);
        }
      }
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of();
    }
    jars.sort(
        (one, other) -> one.getFileName().toString().compareTo(other.getFileName().toString()));
    return List.copyOf(jars);
  }
}
