// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.tcp;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/**
 * The file of a Unix domain socket, which outlives its socket.
 *
 * @param identity what tells it from a later one at the same place. It is nobody else's while the
 *     socket is open, and may be afterwards: remove the file before closing the socket
 */
record SocketFile(Path path, Object identity) {
  // Those that were moved: the address of such a socket tells where it was.
  private static final Map<ServerSocketChannel, SocketFile> MOVED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The file of a socket that is open; null if it has none. */
  static @Nullable SocketFile of(ServerSocketChannel socket) {
    var moved = MOVED.get(socket);
    if (moved != null) {
      return moved;
    }
    if (NetUtil.addressOf(socket) instanceof UnixDomainSocketAddress unix) {
      var identity = identity(unix.getPath());
      return identity == null ? null : new SocketFile(unix.getPath(), identity);
    }
    return null;
  }

  static void noteMoved(ServerSocketChannel socket, Path to) {
    var identity = identity(to);
    if (identity != null) {
      MOVED.put(socket, new SocketFile(to, identity));
    }
  }

  /** Null if there is no file. */
  static @Nullable Object identity(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Unless another has taken its place. */
  void remove() {
    try {
      if (identity.equals(identity(path))) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "removing " + path, e);
    }
  }
}
