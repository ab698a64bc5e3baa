// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.war.WorkDirectory;
import org.waterspout.log.Log;

/**
 * Sessions in a directory, a file for each, so that a restart keeps them.
 *
 * <pre>{@code
 * ServletContainer.builder().sessionStore(new FileSessionStore(Path.of("/var/lib/shop/sessions")))
 * }</pre>
 *
 * <p>Mounts may share the directory: each has one below it, by its context path, and locks it for
 * as long as it runs. Nobody but the server's user may write there, and nobody else can read it. A
 * file is replaced as a whole or not at all; one that cannot be read is a lost session and a line
 * in the log. The time at which a session ends is the time of its file, so that what has ended is
 * found without opening any.
 */
public final class FileSessionStore implements SessionStore {
  private static final int MAGIC = 0x57535331; // WSS1
  private static final String SUFFIX = ".session";
  private static final String UNFINISHED = ".tmp";
  private static final String LOCK = "lock";

  /** For sessions that never time out: later than all clocks, but known to every file system. */
  private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");

  private final Path root;

  /** Null before start and after stop. */
  private volatile @Nullable Path directory;

  /** Held while the mount runs; null before start. */
  private @Nullable FileChannel lock;

  /** A store in a directory, which is made at the start if it is not there. */
  public FileSessionStore(Path directory) {
    this.root = Objects.requireNonNull(directory, "directory");
  }

  /**
   * Locks the directory of the mount.
   *
   * @throws IOException if another mount or process has it, or it cannot be used
   */
  @Override
  public void start(String contextPath) throws IOException {
    if (lock != null) {
      throw new IOException("two mounts have one FileSessionStore: give each its own");
    }
    Path below = WorkDirectory.privateDirectory(root).resolve(name(contextPath));
    Path found = WorkDirectory.privateDirectory(below);
    var channel =
        FileChannel.open(found.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new IOException("the sessions in " + found + " are in use by another process");
      }
      deleteUnfinished(found);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("the sessions in " + found + " are in use by another mount", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    lock = channel;
    directory = found;
  }

  /** The directory of a context path, which has no other characters than file names may. */
  private static String name(String contextPath) {
    String path = contextPath.isEmpty() ? "/" : contextPath;
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("*", "%2A");
  }

  private static void deleteUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public @Nullable StoredSession load(String id) throws IOException {
    Path file = file(id);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      StoredSession session = parse(bytes);
      // Some file systems do not tell "a" from "A".
      return session.id().equals(id) ? session : null;
    } catch (IOException | RuntimeException e) {
      Log.GENERAL.log(
          Level.WARNING, "a session is lost, its file is damaged: {0}", Log.cleaned(e).toString());
      Files.deleteIfExists(file);
      return null;
    }
  }

  @Override
  public void save(StoredSession session) throws IOException {
    Path file = file(session.id());
    Path unfinished = Files.createTempFile(directory(), "session", UNFINISHED);
    try {
      Files.write(unfinished, format(session));
      Instant end = session.expires().isBefore(NEVER) ? session.expires() : NEVER;
      Files.setLastModifiedTime(unfinished, FileTime.from(end));
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  @Override
  public void delete(String id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  @Override
  public Collection<String> expired(Instant now) throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), "*" + SUFFIX)) {
      for (Path file : files) {
        if (hasEnded(file, now)) {
          String name = file.getFileName().toString();
          ids.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return ids;
  }

  private static boolean hasEnded(Path file, Instant now) throws IOException {
    try {
      return !Files.getLastModifiedTime(file).toInstant().isAfter(now);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Gives the directory free. */
  @Override
  public void stop() {
    directory = null;
    FileChannel held = lock;
    lock = null;
    try {
      if (held != null) {
        held.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An id is the name of a file, whoever has thought it up. */
  private Path file(String id) throws IOException {
    if (id.isEmpty() || !id.chars().allMatch(FileSessionStore::isNameChar)) {
      throw new IOException("not the id of a session");
    }
    return directory().resolve(id + SUFFIX);
  }

  private static boolean isNameChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private Path directory() throws IOException {
    Path known = directory;
    if (known == null) {
      throw new IOException("the session store is not started");
    }
    return known;
  }

  // ---- the content of a file: magic, id, times, attributes, checksum of all that

  private static byte[] format(StoredSession session) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeUTF(session.id());
      out.writeLong(session.created().toEpochMilli());
      out.writeLong(session.lastAccessed().toEpochMilli());
      out.writeLong(session.timeout().toSeconds());
      out.writeInt(session.attributes().length);
      out.write(session.attributes());
      out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
    }
    return bytes.toByteArray();
  }

  private static StoredSession parse(byte[] file) throws IOException {
    int end = file.length - Long.BYTES;
    try (var in = new DataInputStream(new ByteArrayInputStream(file))) {
      if (end < 0 || in.readInt() != MAGIC) {
        throw new IOException("not a session");
      }
      String id = in.readUTF();
      Instant created = Instant.ofEpochMilli(in.readLong());
      Instant lastAccessed = Instant.ofEpochMilli(in.readLong());
      Duration timeout = Duration.ofSeconds(in.readLong());
      byte[] attributes = in.readNBytes(in.readInt());
      if (in.available() != Long.BYTES || in.readLong() != checksum(file, end)) {
        throw new IOException("the checksum is wrong");
      }
      return new StoredSession(id, created, lastAccessed, timeout, attributes);
    }
  }

  private static long checksum(byte[] bytes, int length) {
    var checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }
}
