// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.upload.Spool;
import org.waterspout.log.Log;

/**
 * A body that was received as a whole before its servlet started, and is read from where it was
 * kept. Read by one thread at a time; deleted by any.
 */
final class GatheredBody {
  private static final int PIECE = 16 * 1024;

  private final Spool spool;
  private final InputStream in;

  /** What has not been read. */
  private volatile long left;

  /** All that was put into a spool. */
  GatheredBody(Spool spool) throws IOException {
    this.spool = spool;
    this.in = spool.open();
    this.left = spool.size();
  }

  /** The next piece; null at the end. */
  byte @Nullable [] take() throws IOException {
    long before = left;
    byte[] piece = in.readNBytes((int) Math.min(PIECE, before));
    left = before - piece.length;
    return piece.length == 0 ? null : piece;
  }

  int available() {
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  boolean drained() {
    return left == 0;
  }

  void delete() {
    delete(spool);
    try {
      in.close();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "the file of a body is not closed: {0}", e.toString());
    }
  }

  static void delete(Spool spool) {
    try {
      spool.delete();
    } catch (IOException e) {
      Log.GENERAL.log(Level.WARNING, "the file of a body stays: {0}", e.toString());
    }
  }
}
