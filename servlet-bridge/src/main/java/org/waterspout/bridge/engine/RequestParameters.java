// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.bridge.deployment.Limits;
import org.waterspout.bridge.message.BadParametersException;
import org.waterspout.bridge.message.ContentType;
import org.waterspout.bridge.message.Parameters;

/**
 * Reads the parameters of a request when they are first asked for: those of the query, then those
 * of a form.
 */
final class RequestParameters {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Request request;
  private final Limits limits;

  /** Null until they are asked for. */
  private @Nullable Parameters parameters;

  /** Why they cannot be read; thrown again by every further call. */
  private @Nullable BadParametersException failure;

  RequestParameters(Request request, Limits limits) {
    this.request = request;
    this.limits = limits;
  }

  /** Whether they have been asked for, and the body with them. */
  boolean taken() {
    return parameters != null || failure != null;
  }

  Parameters get() {
    if (failure != null) {
      throw failure;
    }
    Parameters known = parameters;
    if (known == null) {
      try {
        known = read();
      } catch (BadParametersException e) {
        failure = e;
        throw e;
      }
      parameters = known;
    }
    return known;
  }

  private Parameters read() {
    var read = new Parameters(limits.maxParameters());
    String query = request.target().query();
    if (query != null) {
      read.parse(query.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
    if (isForm()) {
      Charset charset = charset();
      read.parse(readForm(), charset);
    } else if (request.parts().expected()) {
      request.parts().addTo(read, charset(), limits.maxFormSize());
    }
    return read;
  }

  private boolean isForm() {
    String type = request.getContentType();
    return !request.bodyTaken()
        && type != null
        && request.getMethod().equals("POST")
        && ContentType.parse(type).essence().equals(FORM);
  }

  /** UTF-8 unless something else was said: what every browser sends, whatever the specification. */
  private Charset charset() {
    String name = request.getCharacterEncoding();
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new BadParametersException("a form in an unknown charset", e);
    }
  }

  private byte[] readForm() {
    if (request.getContentLengthLong() > limits.maxFormSize()) {
      throw tooLarge();
    }
    try {
      InputStream stream = request.body();
      byte[] form = stream.readNBytes(limits.maxFormSize());
      if (form.length == limits.maxFormSize() && stream.read() >= 0) {
        throw tooLarge();
      }
      return form;
    } catch (IOException e) {
      throw new BadParametersException("the form could not be read", e);
    }
  }

  private BadParametersException tooLarge() {
    return new BadParametersException(
        413, "a form of more than " + limits.maxFormSize() + " bytes");
  }

  /** The values of a name, or null. */
  @Nullable List<String> values(String name) {
    return get().get(name);
  }
}
