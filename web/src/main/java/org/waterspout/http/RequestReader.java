// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the requests of a connection to a server out of its bytes. Pure. */
final class RequestReader extends MessageReader {
  private final RequestHeadParser heads;
  private final boolean decompress;
  private @Nullable RequestHead head; // found, not taken
  private boolean compressed; // the body of the head that was found

  /** The array is as in {@link LineReader}. */
  RequestReader(HTTPServerOptions options, byte[] shared) {
    super(options.chunkSize(), options.maxHeaderSize(), shared);
    this.heads = new RequestHeadParser(options.maxHeaderSize(), shared);
    this.decompress = options.decompressRequest();
  }

  /** Consumes bytes of a head; true if a head or a reason to refuse it was found. */
  boolean readHead(ByteBuffer in) {
    try {
      head = heads.parse(in);
      compressed = head != null && decompress && takeGzip(head);
      return head != null;
    } catch (HTTPInputException e) {
      return refuse(e, in);
    }
  }

  /** A length that is not known is said by chunks. */
  private static boolean takeGzip(RequestHead head) {
    boolean taken = ContentCoding.takeGzip(head.headers());
    if (taken && head.bodyLength() > 0) {
      head.headers().remove("Content-Length");
      head.headers().set("Transfer-Encoding", "chunked");
    }
    return taken;
  }

  /** Whether any of a head was consumed, and not taken yet. */
  boolean headBegun() {
    return heads.begun() || headFound() || hasRefusal();
  }

  /** Whether a head has yet to be taken. */
  boolean headFound() {
    return head != null;
  }

  /** As {@link #expectBody(long, long, boolean)}, for the head that was found. */
  void expectBody(long length, long maxSize) {
    expectBody(length, maxSize, compressed);
  }

  @Nullable RequestHead takeHead() {
    RequestHead taken = head;
    head = null;
    return taken;
  }
}
