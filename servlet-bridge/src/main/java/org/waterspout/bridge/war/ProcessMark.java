// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.war;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * That this process uses a work directory, and what of it: a file with a line for each thing that
 * is used, locked until the process ends, however it ends. Safe for all threads.
 */
final class ProcessMark {
  /** Behind everything that is ever written there: some systems let nobody read what is locked. */
  private static final long LOCKED = Long.MAX_VALUE - 1;

  private static final Map<Path, ProcessMark> OWN = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  private ProcessMark(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * The mark of this process, made if there is none.
   *
   * @param directory with the marks of all processes
   */
  static synchronized ProcessMark of(Path directory) throws IOException {
    ProcessMark known = OWN.get(directory);
    if (known == null || !Files.exists(known.file)) {
      known = make(Files.createDirectories(directory));
      OWN.put(directory, known);
    }
    return known;
  }

  private static ProcessMark make(Path directory) throws IOException {
    while (true) {
      byte[] random = new byte[8];
      ThreadLocalRandom.current().nextBytes(random);
      Path file = directory.resolve(HexFormat.of().formatHex(random));
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // Somebody who found it unlocked may have taken it for one of a process that has ended.
      if (channel.tryLock(LOCKED, 1, false) != null && Files.exists(file)) {
        return new ProcessMark(file, channel);
      }
      channel.close();
    }
  }

  /** What it is called, in hexadecimal digits. */
  String name() {
    return String.valueOf(file.getFileName());
  }

  /** Says that something is used from now on. */
  synchronized void uses(String what) throws IOException {
    used.add(what);
    ByteBuffer line = StandardCharsets.UTF_8.encode(what + "\n");
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  /**
   * The names of all processes that live, with what they use. The marks of others are deleted.
   *
   * @param directory with the marks
   */
  static Set<String> living(Path directory) throws IOException {
    Set<String> found = new HashSet<>();
    ProcessMark own = OWN.get(directory);
    try (DirectoryStream<Path> marks = Files.newDirectoryStream(directory)) {
      for (Path mark : marks) {
        if (own != null && mark.equals(own.file)) {
          // Not opened: POSIX takes a process's locks of a file away when it closes it anywhere.
          found.add(own.name());
          found.addAll(own.used);
        } else if (isLocked(mark)) {
          found.add(String.valueOf(mark.getFileName()));
          found.addAll(Files.readAllLines(mark));
        }
      }
    }
    return found;
  }

  private static boolean isLocked(Path mark) throws IOException {
    try (FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE)) {
      if (channel.tryLock(LOCKED, 1, false) == null) {
        return true;
      }
      Files.deleteIfExists(mark);
      return false;
    } catch (OverlappingFileLockException e) {
      return true; // by this process
    } catch (NoSuchFileException e) {
      return false; // somebody else tidies up, too
    }
  }
}
