// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.waterspout.log.Log;

/** How a connection ends, below the stream. For sockets whose output is not queued. */
final class SocketEnd {
  private SocketEnd() {}

  /** The peer sees a reset instead of an orderly end when the socket is closed. */
  static void resetOnClose(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "the socket is closed already", e);
    }
  }
}
