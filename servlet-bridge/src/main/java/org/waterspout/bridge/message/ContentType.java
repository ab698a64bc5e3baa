// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Content-Type, its charset apart.
 *
 * @param type everything but the charset, as written
 * @param charset the charset as written, without quotes; null if none is named
 */
public record ContentType(String type, @Nullable String charset) {
  /** Reads one; never fails, for what is not well formed simply has no charset. */
  public static ContentType parse(String value) {
    if (value.indexOf(';') < 0) {
      return new ContentType(value.strip(), null);
    }
    String charset = null;
    List<String> kept = new ArrayList<>();
    for (String part : splitOutsideQuotes(value)) {
      String trimmed = part.strip();
      int equals = trimmed.indexOf('=');
      if (!kept.isEmpty()
          && equals > 0
          && trimmed.substring(0, equals).strip().equalsIgnoreCase("charset")) {
        charset = unquote(trimmed.substring(equals + 1).strip());
      } else {
        kept.add(kept.isEmpty() ? trimmed : part);
      }
    }
    return new ContentType(String.join(";", kept).strip(), charset);
  }

  /** The type without any parameter, in lower case. */
  public String essence() {
    int semicolon = type.indexOf(';');
    String essence = semicolon < 0 ? type : type.substring(0, semicolon);
    return essence.strip().toLowerCase(Locale.ROOT);
  }

  /** The type with a charset behind it. */
  public String with(@Nullable String charset) {
    return charset == null ? type : type + ";charset=" + charset;
  }

  private static List<String> splitOutsideQuotes(String value) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        parts.add(value.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(value.substring(start));
    return parts;
  }

  private static @Nullable String unquote(String value) {
    String inner =
        value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
            ? value.substring(1, value.length() - 1)
            : value;
    return inner.isEmpty() ? null : inner;
  }
}
