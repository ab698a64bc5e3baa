// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import org.waterspout.iostream.IOStream;
import org.waterspout.log.Log;

/** How a connection ends, below the stream. */
final class SocketEnd {
  private SocketEnd() {}

  /** Closes a stream so that the peer sees a reset instead of an orderly end, of TLS either. */
  static void reset(IOStream stream) {
    try {
      stream.channel().setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      Log.GENERAL.log(Level.DEBUG, "the socket is closed already", e);
    }
    stream.close(new IOException("the answer was cut"));
  }
}
