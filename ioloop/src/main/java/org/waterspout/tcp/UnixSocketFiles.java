// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** The files of Unix domain sockets, which outlive their sockets. */
final class UnixSocketFiles {
  private static final int TYPE = 0170000; // stat(2): S_IFMT
  private static final int SOCKET = 0140000;

  private UnixSocketFiles() {}

  /** Makes room for a new socket; refuses to take a living one's place, or another file's. */
  static void removeStale(Path file) throws IOException {
    int mode;
    try {
      mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if ((mode & TYPE) != SOCKET) {
      throw cannotListen(file, "there is a file that is no socket", null);
    }
    if (isAlive(file)) {
      throw cannotListen(file, "a server listens there", null);
    }
    Files.deleteIfExists(file);
  }

  private static boolean isAlive(Path file) {
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(file));
      return true;
    } catch (ConnectException refused) {
      return false;
    } catch (IOException e) { // its queue is full, or it is not for us: somebody's it is
      Log.GENERAL.log(Level.DEBUG, "trying " + file, e);
      return true;
    }
  }

  static BindException cannotListen(Path file, String reason, @Nullable Exception cause) {
    var exception = new BindException("cannot listen on " + file + ": " + reason);
    exception.initCause(cause);
    return exception;
  }

  /** What tells the file from a later one at the same place; null if there is none. */
  static @Nullable Object identity(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Removes the file of a socket that was bound just now. */
  static void removeFileOf(ServerSocketChannel socket) {
    if (socket.isOpen() && NetUtil.addressOf(socket) instanceof UnixDomainSocketAddress unix) {
      remove(unix.getPath(), identity(unix.getPath()));
    }
  }

  /** Removes the file of a socket of ours, unless another has taken its place. */
  static void remove(Path file, @Nullable Object identity) {
    try {
      if (identity != null && identity.equals(identity(file))) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "removing " + file, e);
    }
  }
}
