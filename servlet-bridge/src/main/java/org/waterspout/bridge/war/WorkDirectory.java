// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * Where mounts keep files: {@code wars} has the unpacked WARs, each under the hash of its content,
 * {@code temp} the directories for temporary files, each for one start of one application. Several
 * processes may share it, and say in {@code processes} what they use.
 *
 * <p>Nobody else can write to it: code is loaded from here. Safe for all threads.
 */
public final class WorkDirectory {
  private static final String WARS = "wars";
  private static final String TEMP = "temp";
  private static final String PROCESSES = "processes";

  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("----w--w-");

  /** What is kept for the next start. */
  private static final List<String> KINDS = List.of(WARS, "converted");

  /** For how long it is kept for nobody. */
  private static final Duration UNUSED = Duration.ofDays(30);

  private final Path root;
  private final ProcessMark mark;

  private WorkDirectory(Path root, ProcessMark mark) {
    this.root = root;
    this.mark = mark;
  }

  /** The one below the directory for temporary files that is this user's. */
  public static WorkDirectory standard() throws IOException {
    String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9_-]", "_");
    Path directory = Path.of(System.getProperty("java.io.tmpdir"), "waterspout-" + user);
    if (Files.isSymbolicLink(directory)) {
      throw new WarException(
          "the work directory is a link, which anybody could have made: " + directory);
    }
    return of(directory);
  }

  /**
   * A directory, made if there is none.
   *
   * @throws WarException if others could write to it, so that it cannot be trusted
   */
  public static WorkDirectory of(Path directory) throws IOException {
    Path root = privateDirectory(directory);
    return new WorkDirectory(root, ProcessMark.of(root.resolve(PROCESSES)));
  }

  /**
   * The real path of a directory, made if there is none.
   *
   * @throws WarException if others could write to it, so that it cannot be trusted
   */
  public static Path privateDirectory(Path directory) throws IOException {
    make(directory.toAbsolutePath());
    Path root = directory.toRealPath();
    PosixFileAttributeView view = Files.getFileAttributeView(root, PosixFileAttributeView.class);
    if (view != null) {
      var attributes = view.readAttributes();
      boolean open = attributes.permissions().stream().anyMatch(OF_OTHERS::contains);
      if (open || !attributes.owner().equals(ownUser(root))) {
        throw new WarException("others can write to the work directory " + root);
      }
    }
    return root;
  }

  private static void make(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, privately(directory));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /** Whoever owns what this process makes. */
  private static Object ownUser(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, "probe", null);
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static FileAttribute<?>[] privately(Path path) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * The directory with the content of a packed WAR, unpacked unless it has been before.
   *
   * @throws WarException if it is no archive or must be refused
   */
  Path unpack(Path archive, Unpacked limits) throws IOException {
    Path wars = Files.createDirectories(root.resolve(WARS));
    Path place = use(WARS, ContentHash.of(archive));
    if (Files.isDirectory(place)) {
      if (Unpacked.isComplete(archive, place)) {
        return place;
      }
      // Something has tidied up here: what is left is not the application any more.
      discard(place, wars);
    }
    Path fresh = Files.createTempDirectory(wars, "unpacking", privately(wars));
    try {
      // A copy, since somebody may just be putting a new one there: hash and content are of one.
      Path copy = Files.copy(archive, fresh.resolve("war"));
      Path content = Files.createDirectory(fresh.resolve("content"));
      place = use(WARS, ContentHash.of(copy));
      limits.unpack(copy, content);
      settle(content, place);
    } finally {
      deleteTree(fresh);
    }
    return place;
  }

  /** Writes what is to be kept into an empty directory. */
  public interface Content {
    void write(Path directory) throws IOException;
  }

  /** Whether what is kept is as it was made. */
  public interface Check {
    boolean isComplete(Path directory) throws IOException;
  }

  /**
   * A directory that is kept under the name of its content: made unless it is there and complete.
   * It appears with all its content or not at all.
   *
   * @param kind the directory it is in, such as {@code converted}
   */
  public Path keep(String kind, String name, Check check, Content content) throws IOException {
    Path kept = Files.createDirectories(root.resolve(kind));
    Path place = use(kind, name);
    if (Files.isDirectory(place)) {
      if (check.isComplete(place)) {
        return place;
      }
      discard(place, kept);
    }
    Path fresh = Files.createTempDirectory(kept, "making", privately(kept));
    try {
      Path made = Files.createDirectory(fresh.resolve("content"));
      content.write(made);
      settle(made, place);
    } finally {
      deleteTree(fresh);
    }
    return place;
  }

  /** Another process may have been faster: then its directory is as good. */
  private static void settle(Path fresh, Path place) throws IOException {
    try {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private static void discard(Path place, Path wars) throws IOException {
    Path aside = Files.createTempDirectory(wars, "incomplete", privately(wars));
    Files.move(place, aside.resolve("war"), StandardCopyOption.ATOMIC_MOVE);
    deleteTree(aside);
  }

  /** A new empty directory, for nobody else to read; the caller deletes it. */
  public Path temporary() throws IOException {
    Path temp = Files.createDirectories(root.resolve(TEMP));
    return Files.createTempDirectory(temp, mark.name() + "-", privately(temp));
  }

  /** Where something is kept, which is from now on not tidied away. */
  private Path use(String kind, String name) throws IOException {
    mark.uses(kind + "/" + name);
    Path place = root.resolve(kind).resolve(name);
    if (Files.isDirectory(place)) {
      Files.setLastModifiedTime(place, FileTime.from(Instant.now()));
    }
    return place;
  }

  /**
   * Deletes the temporary files of processes that have ended without that, and what has been kept
   * for nobody for 30 days. What goes wrong is logged.
   */
  public void tidy() {
    try {
      List<Path> temporaries = directories(TEMP); // first: whoever made them has a mark already
      Set<String> living = ProcessMark.living(root.resolve(PROCESSES));
      for (Path temporary : temporaries) {
        String name = String.valueOf(temporary.getFileName());
        int dash = name.indexOf('-');
        if (dash < 0 || !living.contains(name.substring(0, dash))) {
          deleteTree(temporary);
        }
      }
      Instant limit = Instant.now().minus(UNUSED);
      for (String kind : KINDS) {
        for (Path kept : directories(kind)) {
          boolean used = living.contains(kind + "/" + kept.getFileName());
          if (!used && Files.getLastModifiedTime(kept).toInstant().isBefore(limit)) {
            discard(kept, root.resolve(kind));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      Log.GENERAL.log(Level.WARNING, "the work directory " + root + " cannot be tidied up", e);
    }
  }

  private List<Path> directories(String kind) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(kind))) {
      for (Path file : files) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          found.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of(); // nothing of that kind was ever kept
    }
    return found;
  }

  /** Deletes a directory with all that is in it, links but not what they lead to. */
  public static void deleteTree(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
