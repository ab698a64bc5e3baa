// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.HTTPHeaders;

/**
 * Changes an answer on its way to the client; made for each answer, see {@link
 * Settings.Builder#addTransform}. Tornado: {@code OutputTransform}.
 *
 * <p>Life: {@link #transformFirstChunk} with the headers, {@link #transformChunk} for each flush
 * behind that, {@link #close} once at the end, however the answer ends. All of it on the loop. An
 * answer to HEAD passes through too: its body is dropped afterwards. If a transform throws, the
 * error page passes through none.
 */
public interface OutputTransform {
  /**
   * Changes the headers in place, and what is sent with them.
   *
   * <p>Where the whole body is known, Content-Length is set; whoever changes the body's length
   * corrects it, or removes it and has the body sent in chunks. Of 304 the headers are those of the
   * answer that the client has, Content-Length too, though they are not all sent.
   *
   * @param chunk what was written so far; empty where there is no body
   * @param finishing whether that is all
   * @return what is sent in its place
   */
  byte[] transformFirstChunk(int status, HTTPHeaders headers, byte[] chunk, boolean finishing);

  /**
   * Changes what is sent by a later flush, or by the end: then the chunk may be empty.
   *
   * @return what is sent in its place; what is held back by a flush the client has to wait for
   */
  byte[] transformChunk(byte[] chunk, boolean finishing);

  /** Asked after the first chunk: whether all others pass unchanged, so that files need no copy. */
  default boolean passesThrough() {
    return false;
  }

  /** The answer has ended or was cut. */
  default void close() {}
}
