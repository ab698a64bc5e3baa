// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import java.util.Locale;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPServerRequest;
import org.waterspout.http.HTTPUtil;

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
      throw new HTTPError(400, "the body: " + e.getMessage(), e);
    }
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
