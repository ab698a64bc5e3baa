// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * Binds Unix domain sockets.
 *
 * <pre>
 *   a folder beside the file, which is closed to all others
 *     the socket is bound in there, and gets its mode
 *     it is linked to its place: among several who do that at once, one succeeds
 *       a file that is there and that nobody listens on is moved into the folder before
 *   the folder is removed
 * </pre>
 */
final class UnixSocketFiles {
  private static final int TYPE = 0170000; // stat(2): S_IFMT
  private static final int SOCKET = 0140000;
  private static final int TRIES = 10;

  private UnixSocketFiles() {}

  /** See {@link NetUtil#bindUnixSocket}. */
  static ServerSocketChannel bind(Path file, Set<PosixFilePermission> mode, int backlog)
      throws IOException {
    try {
      var folder = newFolderBeside(file);
      var fresh = folder.resolve(file.getFileName());
      var stale = folder.resolve("stale-" + file.getFileName());
      try {
        return bind(fresh, stale, file, mode, backlog);
      } finally {
        Files.deleteIfExists(fresh);
        Files.deleteIfExists(stale);
        Files.deleteIfExists(folder);
      }
    } catch (FileSystemException e) {
      throw cannotListen(file, reasonOf(e), e);
    }
  }

  private static ServerSocketChannel bind(
      Path fresh, Path stale, Path file, Set<PosixFilePermission> mode, int backlog)
      throws IOException {
    var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.configureBlocking(false);
      socket.bind(UnixDomainSocketAddress.of(fresh), backlog);
      Files.setPosixFilePermissions(fresh, mode);
      putInPlace(fresh, stale, file);
      SocketFile.noteMoved(socket, file);
      return socket;
    } catch (BindException e) { // it says all
      NetUtil.close(socket);
      throw e;
    } catch (SocketException e) { // a path that is too long
      NetUtil.close(socket);
      throw cannotListen(file, String.valueOf(e.getMessage()), e);
    } catch (IOException | RuntimeException e) {
      NetUtil.close(socket);
      throw e;
    }
  }

  /** Its name is short, as the path of a socket has to be. */
  private static Path newFolderBeside(Path file) throws IOException {
    var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    for (int i = 1; ; i++) {
      var name = "." + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
      try {
        return Files.createDirectory(file.resolveSibling(name), ours);
      } catch (FileAlreadyExistsException e) {
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  private static void putInPlace(Path fresh, Path stale, Path file) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try {
        Files.createLink(file, fresh);
        return;
      } catch (FileAlreadyExistsException e) {
        moveStale(file, stale);
      }
    }
    throw cannotListen(file, "others try the same again and again", null);
  }

  /** Makes room for a new socket; refuses to take a living one's place, or another file's. */
  private static void moveStale(Path file, Path to) throws IOException {
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & TYPE) != SOCKET) {
        throw cannotListen(file, "there is a file that is no socket", null);
      }
      var looked = SocketFile.identity(file);
      checkNobodyListens(file);
      Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
      if (looked == null || !looked.equals(SocketFile.identity(to))) { // another's, put just now
        Files.move(to, file);
        throw cannotListen(file, "another server is being started there", null);
      }
    } catch (NoSuchFileException e) { // somebody else has moved it
      Log.GENERAL.log(Level.DEBUG, file + " has gone by itself", e);
    }
  }

  private static void checkNobodyListens(Path file) throws BindException {
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(
          UnixDomainSocketAddress.of(file)); // if it has to wait, somebody's queue is full
    } catch (ConnectException refused) {
      return;
    } catch (IOException e) {
      throw cannotListen(
          file, "there is a socket, and whether a server listens is unknown: " + e.getMessage(), e);
    }
    throw cannotListen(file, "a server listens there", null);
  }

  private static String reasonOf(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no folder for it";
      case AccessDeniedException _ -> "no permission to make files in its folder";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static BindException cannotListen(Path file, String reason, @Nullable Exception cause) {
    var exception = new BindException("cannot listen on " + file + ": " + reason);
    exception.initCause(cause);
    return exception;
  }

  /** Removes the file of a socket that was bound just now. */
  static void removeFileOf(ServerSocketChannel socket) {
    var file = socket.isOpen() ? SocketFile.of(socket) : null;
    if (file != null) {
      file.remove();
    }
  }
}
