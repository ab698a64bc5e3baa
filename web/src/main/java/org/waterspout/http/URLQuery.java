// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.waterspout.escape.Escape;

/** Adds arguments to the query of a URL. Pure. */
final class URLQuery {
  private URLQuery() {}

  /** See {@link HTTPUtil#urlConcat(String, List)}. */
  static String concat(String url, List<Map.Entry<String, String>> arguments) {
    int hash = url.indexOf('#');
    String fragment = hash < 0 ? "" : url.substring(hash);
    String rest = hash < 0 ? url : url.substring(0, hash);
    int mark = rest.indexOf('?');
    var query = new StringBuilder();
    if (mark >= 0) {
      normalize(rest.substring(mark + 1), query);
    }
    for (var argument : arguments) {
      append(Escape.urlEscape(argument.getKey()), Escape.urlEscape(argument.getValue()), query);
    }
    String base = mark < 0 ? rest : rest.substring(0, mark);
    return base + (query.isEmpty() ? "" : "?" + query) + fragment;
  }

  private static void normalize(String query, StringBuilder out) {
    for (String piece : query.split("&", -1)) {
      if (!piece.isEmpty()) {
        int equals = piece.indexOf('=');
        String name = equals < 0 ? piece : piece.substring(0, equals);
        append(reencoded(name), equals < 0 ? "" : reencoded(piece.substring(equals + 1)), out);
      }
    }
  }

  private static void append(String name, String value, StringBuilder out) {
    if (!out.isEmpty()) {
      out.append('&');
    }
    out.append(name).append('=').append(value);
  }

  private static String reencoded(String encoded) {
    return Escape.urlEscape(
        Escape.urlUnescape(encoded.getBytes(StandardCharsets.UTF_8), true), true);
  }
}
