// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the answers to a client's requests out of the bytes of a connection. Pure. */
final class ResponseReader extends MessageReader {
  private static final int MAX_INTERIM = 100;

  private final ResponseHeadParser heads;
  private @Nullable ResponseHead head; // found, not taken
  private int interim; // answers before the answer

  /** The array is as in {@link LineReader}. */
  ResponseReader(HTTP1ClientOptions options, byte[] shared) {
    super(options.chunkSize(), options.maxHeaderSize(), shared);
    this.heads = new ResponseHeadParser(options.maxHeaderSize(), shared);
  }

  /** Consumes bytes of a head; true if a head or a reason to refuse it was found. */
  boolean readHead(ByteBuffer in) {
    try {
      head = heads.parse(in);
      if (head == null) {
        return false;
      }
      interim = head.interim() ? interim + 1 : 0;
      if (interim > MAX_INTERIM) {
        throw new HTTPInputException("more than " + MAX_INTERIM + " interim answers");
      }
      return true;
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  @Nullable ResponseHead takeHead() {
    ResponseHead taken = head;
    head = null;
    return taken;
  }
}
