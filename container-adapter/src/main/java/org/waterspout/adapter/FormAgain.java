// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.waterspout.escape.Escape;

/**
 * The body of a request that a filter in front has consumed by asking for a parameter: written
 * again, if it was a form, from the parameters that the container has read out of it.
 */
final class FormAgain {
  private static final String FORM = "application/x-www-form-urlencoded";

  private FormAgain() {}

  /**
   * The body, when its stream has ended without a byte.
   *
   * @return null if there was no body
   * @throws IllegalStateException if there was one and it is lost
   */
  static byte @Nullable [] body(HttpServletRequest request, long announcedLength) {
    byte[] body = isForm(request) ? encode(request) : new byte[0];
    if (body.length == 0 && announcedLength > 0) {
      throw new IllegalStateException(
          "a filter in front has read the body: getParameter, getPart or getInputStream");
    }
    return body.length == 0 ? null : body;
  }

  private static boolean isForm(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
  }

  /** Servlet 6.0 section 3.1: for each name, the values of the query come before the body's. */
  private static byte[] encode(HttpServletRequest request) {
    var fromQuery = namesInQuery(request.getQueryString());
    var body = new StringJoiner("&");
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              for (int i = fromQuery.getOrDefault(name, 0); i < values.length; i++) {
                body.add(Escape.urlEscape(name) + "=" + Escape.urlEscape(values[i]));
              }
            });
    return body.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static Map<String, Integer> namesInQuery(@Nullable String query) {
    var names = new HashMap<String, Integer>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          names.merge(decode(name), 1, Integer::sum);
        }
      }
    }
    return names;
  }

  private static String decode(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return new String(Escape.urlUnescape(bytes, true), StandardCharsets.UTF_8);
  }
}
