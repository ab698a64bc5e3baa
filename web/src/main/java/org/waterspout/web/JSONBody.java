// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.HTTPUtil;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.InvalidDefinitionException;

/** The body of a request as JSON; what it cannot be is the client's fault. */
final class JSONBody {
  private JSONBody() {}

  static <T> T read(HTTPServerRequest request, Class<T> type) {
    checkType(request);
    try {
      T value = Escape.jsonDecode(Escape.utf8(request.body()), type);
      if (value == null) {
        throw new HTTPError(400, "the body is null, and not a " + type.getSimpleName());
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  /** The log says what was expected and where it is not; what stands there may be a secret. */
  private static RuntimeException refused(IllegalArgumentException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof InvalidDefinitionException) {
      return new IllegalStateException(failure.getMessage() + ", nor can any be", failure);
    }
    String where = cause instanceof JacksonException e ? where(e.getLocation()) : "";
    for (; cause != null; cause = cause.getCause()) {
      if (cause instanceof HTTPError own) {
        return own; // the type's constructor has said so itself
      }
    }
    return new HTTPError(400, "the body: " + failure.getMessage() + where, failure);
  }

  private static String where(@Nullable TokenStreamLocation location) {
    return location == null
        ? ""
        : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** Also what keeps pages of other sites from posting it: their forms cannot have this type. */
  private static void checkType(HTTPServerRequest request) {
    var types = request.headers().getList("Content-Type");
    if (types.size() > 1) {
      throw new HTTPError(400, "more than one Content-Type");
    }
    var type = HTTPUtil.parseHeader(types.isEmpty() ? "none" : types.getFirst());
    var charset = type.parameters().getOrDefault("charset", "utf-8");
    if (!isJSON(type.value()) || !"utf-8".equalsIgnoreCase(charset)) {
      throw new HTTPError(415, "the body is not said to be JSON");
    }
    if (!"identity".equalsIgnoreCase(request.headers().get("Content-Encoding", "identity"))) {
      throw new HTTPError(415, "a JSON body with Content-Encoding");
    }
  }

  private static boolean isJSON(String type) {
    var lower = type.toLowerCase(Locale.ROOT);
    return lower.equals("application/json")
        || (lower.startsWith("application/") && lower.endsWith("+json")); // RFC 6839 section 3.1
  }
}
