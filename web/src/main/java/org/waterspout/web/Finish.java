// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Thrown in a handler, ends the request quietly with what has been set and written so far. */
public final class Finish extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Consumer<RequestHandler> chunk; // null: there is none

  /** Ends the request. */
  public Finish() {
    this((Consumer<RequestHandler>) null);
  }

  /** Writes a last piece of text and ends the request. */
  public Finish(String chunk) {
    this(handler -> handler.write(chunk));
  }

  /** Writes last bytes, which must not change until they are sent, and ends the request. */
  public Finish(byte[] chunk) {
    this(handler -> handler.write(chunk));
  }

  /** Writes a map as JSON and ends the request. */
  public Finish(Map<String, ?> chunk) {
    this(handler -> handler.write(chunk));
  }

  private Finish(@Nullable Consumer<RequestHandler> chunk) {
    super("Finish", null, false, false); // control flow, no use for a stack
    this.chunk = chunk;
  }

  /** Writes the last piece, if there is one. */
  void writeTo(RequestHandler handler) {
    if (chunk != null) {
      chunk.accept(handler);
    }
  }
}
