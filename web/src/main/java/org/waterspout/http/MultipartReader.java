// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Objects;

/**
 * Reads a multipart form while it arrives, RFC 7578, so that a file of any size costs one piece of
 * memory. For handlers that stream their body; all others find the form in {@link
 * HTTPServerRequest#bodyArguments} and {@link HTTPServerRequest#files}.
 *
 * <pre>{@code
 * @StreamRequestBody
 * class UploadHandler extends RequestHandler implements MultipartReader.Listener {
 *   private MultipartReader reader;
 *
 *   @Override
 *   protected void prepare() {
 *     reader = new MultipartReader(request(), this);
 *   }
 *
 *   @Override
 *   protected void dataReceived(byte[] chunk) throws Exception {
 *     reader.feed(chunk);
 *   }
 *
 *   @Override
 *   protected void post() {
 *     reader.finish();
 *     write("got it");
 *   }
 * }
 * }</pre>
 *
 * <p>The listener is called within {@link #feed} and may await: as long as it does, {@code feed}
 * does not return and the sender is held back. What it throws comes out of {@code feed}; the reader
 * is of no use then, nor after it has refused the form. Used by one thread at a time.
 */
public final class MultipartReader {
  /** Learns what a form consists of: for each part a begin, any number of pieces, and an end. */
  public interface Listener {
    /** A part begins. */
    void partBegins(MultipartPart part) throws Exception;

    /** A piece of the part, never empty. The array is the listener's own. */
    void partData(byte[] chunk) throws Exception;

    /** The part has ended. */
    void partEnds() throws Exception;
  }

  private final MultipartParser parser;
  private final Listener listener;
  private boolean usable = true; // not while the listener runs, nor after a failure

  /**
   * A reader of a request's body.
   *
   * @throws HTTPInputException with status 415 if it is no multipart form; 400 if it does not say
   *     well how its parts are separated
   */
  public MultipartReader(HTTPServerRequest request, Listener listener) {
    this(request.headers(), request.formLimits(), listener);
  }

  /** A reader of the body of a message with these headers; throws as the other one. */
  public MultipartReader(HTTPHeaders headers, FormLimits limits, Listener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    if (!FormType.of(headers).equals(FormType.MULTIPART)) {
      throw new HTTPInputException(415, "not a multipart form");
    }
    FormType.checkNotEncoded(headers);
    this.parser = new MultipartParser(FormType.boundary(headers), limits);
  }

  /**
   * Takes a piece of the body and calls the listener for what is in it.
   *
   * @param piece belongs to the reader from now on
   * @throws HTTPInputException if the form is malformed or exceeds the limits
   */
  public void feed(byte[] piece) throws Exception {
    requireUsable();
    usable = false;
    parser.feed(piece);
    for (var event = parser.next(); event != null; event = parser.next()) {
      tell(event);
    }
    usable = true;
  }

  /**
   * Says that this was the whole body.
   *
   * @throws HTTPInputException if the form does not end here
   */
  public void finish() {
    requireUsable();
    usable = false;
    if (!parser.finished()) {
      throw new HTTPInputException("a multipart form without its final boundary");
    }
  }

  private void tell(MultipartParser.Event event) throws Exception {
    switch (event) {
      case MultipartParser.Event.Begin(MultipartPart part) -> listener.partBegins(part);
      case MultipartParser.Event.Data(byte[] chunk) -> listener.partData(chunk);
      case MultipartParser.Event.End() -> listener.partEnds();
    }
  }

  private void requireUsable() {
    if (!usable) {
      throw new IllegalStateException(
          "this reader is calling its listener, has failed, or is finished");
    }
  }
}
