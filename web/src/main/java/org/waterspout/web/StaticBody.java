// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.waterspout.http.ByteRange;
import org.waterspout.http.MultipartRanges;

/**
 * Sends a content, or parts of it, as the client takes it. On the loop; waits.
 *
 * <p>Each piece is either in memory, or goes from file to socket without a copy, or is read off the
 * loop when the one before it has left.
 */
final class StaticBody {
  private static final int PIECE = 64 * 1024;

  /** How much the system is told to copy at a time; the connection looks at the time between. */
  private static final int MOST_AT_ONCE = 1 << 30;

  private final StaticFileHandler handler;
  private final Response response;
  private final FoundContent content;

  StaticBody(StaticFileHandler handler, FoundContent content) {
    this.handler = handler;
    this.response = handler.response("StaticFileHandler");
    this.content = content;
  }

  /** Sends parts as an answer with status 206; headers are set but for those about the parts. */
  void send(List<ByteRange> ranges, long size, String type) throws Exception {
    var headers = response.headers();
    if (ranges.size() == 1) {
      var range = ranges.getFirst();
      headers.set("Content-Range", range.of(size));
      headers.set("Content-Length", Long.toString(range.length()));
      send(range.first(), range.length());
      return;
    }
    var body = new MultipartRanges(ranges, size, type);
    headers.set("Content-Type", body.contentType());
    headers.set("Content-Length", Long.toString(body.length()));
    List<byte[]> heads = body.heads();
    for (int i = 0; i < ranges.size() && !response.finished(); i++) {
      response.write(heads.get(i));
      send(ranges.get(i).first(), ranges.get(i).length());
    }
    if (!response.finished()) {
      response.write(body.end());
    }
  }

  /** Sends so many bytes from here; the headers first. What is left in memory the end sends. */
  void send(long first, long count) throws Exception {
    byte[] bytes = content.bytes();
    if (bytes != null) {
      boolean whole = count == bytes.length;
      response.write(whole ? bytes : Arrays.copyOfRange(bytes, (int) first, (int) (first + count)));
      return;
    }
    SeekableByteChannel channel = content.channel();
    if (channel == null) {
      throw new IllegalStateException("the content was not wanted");
    }
    await(handler.flush());
    long at = first;
    long end = first + count;
    while (at < end && !response.finished()) { // by an error page, meanwhile
      at += sendSome(channel, at, end - at);
    }
  }

  private int sendSome(SeekableByteChannel channel, long at, long left) {
    if (channel instanceof FileChannel file && response.headersWritten()) {
      int count = (int) Math.min(MOST_AT_ONCE, left);
      var sent = response.sendFile(file, at, count);
      if (sent != null) {
        await(sent);
        return count;
      }
    }
    int count = (int) Math.min(PIECE, left);
    byte[] bytes = read(channel, at, count);
    if (!response.finished()) {
      response.write(bytes);
      await(handler.flush());
    }
    return count;
  }

  private static byte[] read(SeekableByteChannel channel, long position, int count) {
    byte[] bytes = await(blocking(() -> FoundContent.read(channel, position, count)));
    if (bytes.length < count) {
      throw new UncheckedIOException(
          new EOFException("the content ends before what was to be sent"));
    }
    return bytes;
  }
}
