// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPUtil;

/**
 * An answer. Tornado: {@code HTTPResponse}.
 *
 * @param request what was asked for: the caller's own, also after redirects
 * @param code the status
 * @param reason the reason phrase as it came; may be empty
 * @param headers the receiver's own
 * @param trailers fields that came behind the body, mostly none
 * @param effectiveUrl where the answer came from, after redirects; without credentials and fragment
 * @param body the receiver's own; empty if a streaming callback has got it
 * @param startTime when the request began, after its wait in the queue; of the last one if there
 *     were redirects
 * @param timeInfo how long it took
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a body is not copied; two of these are equal if it is one
public record HTTPResponse(
    HTTPRequest request,
    int code,
    String reason,
    HTTPHeaders headers,
    HTTPHeaders trailers,
    String effectiveUrl,
    byte[] body,
    Instant startTime,
    TimeInfo timeInfo) {
  /** Whether the status is one of success, 200 to 299. */
  public boolean ok() {
    return code >= 200 && code < 300;
  }

  /** The body as text, in the charset of its Content-Type; UTF-8 if that names none we know. */
  public String text() {
    return new String(body, charset());
  }

  private Charset charset() {
    var type = headers.get("Content-Type");
    if (type == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      var name = HTTPUtil.parseHeader(type).parameters().get("charset");
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (HTTPInputException | IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }

  /** How long the request took, without its wait in the queue. */
  public Duration requestTime() {
    return timeInfo.total();
  }

  /** The error that this answer is, null if its status is one of success. */
  public @Nullable HTTPClientError error() {
    return ok() ? null : new HTTPClientError(this);
  }

  /**
   * Throws the error that this answer is, if it is one.
   *
   * @throws HTTPClientError if the status is not one of success
   */
  public void rethrow() {
    var error = error();
    if (error != null) {
      throw error;
    }
  }

  @Override
  public String toString() {
    return "HTTPResponse[" + code + " " + effectiveUrl + ", " + body.length + " bytes]";
  }
}
