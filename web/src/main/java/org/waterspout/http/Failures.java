// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.lang.System.Logger.Level;
import org.waterspout.ioloop.LoopClosedException;
import org.waterspout.iostream.IOStream;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.log.Log;

/** Whose mistake it is that a request fails. */
final class Failures {
  private Failures() {}

  /** The peer's: it has sent what cannot be accepted. */
  static void logRefusal(ConnectionContext context, HTTPInputException reason) {
    Log.GENERAL.log(
        Level.INFO,
        "{0} refused with {1}: {2}",
        context.remoteIP(),
        reason.status(),
        reason.getMessage());
  }

  /** Nobody's: a call has failed because the connection or the loop has ended. */
  static boolean isEndOf(IOStream stream, Throwable reason) {
    return reason instanceof LoopClosedException
        || (reason instanceof StreamClosedException && (stream.closed() || stream.error() != null));
  }
}
