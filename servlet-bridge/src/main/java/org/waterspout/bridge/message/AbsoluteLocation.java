// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The target of a redirect as an absolute URL, RFC 3986 section 5.2. */
public final class AbsoluteLocation {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  private AbsoluteLocation() {}

  /**
   * Resolves a reference.
   *
   * @param url of the request, without its query
   * @param query of the request; null if it has none
   */
  public static String of(String url, @Nullable String query, String reference) {
    if (SCHEME.matcher(reference).matches()) {
      return reference;
    }
    if (reference.isEmpty() || reference.startsWith("#")) {
      return url + (query == null ? "" : "?" + query) + reference;
    }
    if (reference.startsWith("?")) {
      return url + reference;
    }
    int host = url.indexOf("://") + 3;
    if (reference.startsWith("//")) {
      return url.substring(0, host - 2) + reference;
    }
    int slash = url.indexOf('/', host);
    String origin = slash < 0 ? url : url.substring(0, slash);
    if (reference.startsWith("/")) {
      return origin + withoutDots(reference);
    }
    String path = slash < 0 ? "/" : url.substring(slash, url.lastIndexOf('/') + 1);
    return origin + withoutDots(path + reference);
  }

  /** RFC 3986 section 5.2.4; what would lead out of the root ends there. */
  private static String withoutDots(String target) {
    int end = 0;
    while (end < target.length() && target.charAt(end) != '?' && target.charAt(end) != '#') {
      end++;
    }
    var out = new StringBuilder();
    String[] segments = target.substring(1, end).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      switch (segments[i]) {
        case "." -> out.append(last ? "/" : "");
        case ".." -> {
          out.setLength(Math.max(0, out.lastIndexOf("/")));
          out.append(last ? "/" : "");
        }
        default -> out.append('/').append(segments[i]);
      }
    }
    return out + target.substring(end);
  }
}
