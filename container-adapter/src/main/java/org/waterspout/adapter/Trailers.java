// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.waterspout.adapter.exchange.AnswerHead;
import org.waterspout.adapter.exchange.Deployment;
import org.waterspout.adapter.exchange.RequestHead;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;

/**
 * The fields behind the bodies of one exchange.
 *
 * <p>The container asks for those of a chunked answer when it is about to end it, on whatever
 * thread. That is also the last moment to keep it from ending one that is not whole.
 */
final class Trailers implements Supplier<@Nullable Map<String, String>> {
  private volatile @Nullable Map<String, String> fields; // null: none
  private volatile boolean broken;

  /** Those of a request, when its body is read. */
  static HTTPHeaders of(HttpServletRequest request, Deployment deployment) {
    var trailers = new HTTPHeaders();
    if (deployment.offers(Capability.REQUEST_TRAILERS) && request.isTrailerFieldsReady()) {
      // Containers join several fields of a name, or keep one of them.
      request.getTrailerFields().forEach((name, value) -> addIfAllowed(trailers, name, value));
    }
    return trailers;
  }

  private static void addIfAllowed(HTTPHeaders trailers, String name, String value) {
    if (HTTPUtil.isTrailer(name)) {
      trailers.add(name, RequestHead.oneCharacterPerByte(value));
    }
  }

  /** Lets the container ask, where the answer will be sent in chunks; before its head is sent. */
  void offer(HttpServletResponse response, RequestHead request, int status, long contentLength) {
    boolean chunked =
        contentLength == AnswerHead.NO_LENGTH
            && status != HttpServletResponse.SC_NO_CONTENT
            && status != HttpServletResponse.SC_NOT_MODIFIED
            && !request.startLine().version().equals("HTTP/1.0")
            && !request.startLine().method().equals("HEAD");
    if (chunked) {
      response.setTrailerFields(this);
    }
  }

  /** The answer ends with these. */
  void set(HTTPHeaders trailers) {
    var all = new LinkedHashMap<String, String>();
    trailers.forEach((name, value) -> all.merge(name, value, (a, b) -> a + ", " + b));
    fields = all;
  }

  /** The answer must not end. */
  void breakOff() {
    broken = true;
  }

  @Override
  public @Nullable Map<String, String> get() {
    if (broken) {
      throw new IllegalStateException("the answer was cut");
    }
    return fields;
  }
}
