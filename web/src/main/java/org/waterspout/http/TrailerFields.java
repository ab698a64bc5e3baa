// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Locale;
import java.util.Set;

/**
 * Which fields may stand behind a body, RFC 9110 section 6.5.1. Pure.
 *
 * <p>Not those that count before the body is read: framing, routing, what a proxy says of the
 * client, authentication, conditions and controls, the format of the content. One that arrives
 * there nevertheless is dropped, as RFC 9112 section 7.1.2 allows, so that nobody can be made to
 * take it for a header; refusing the message would hardly be safer, as trailers are kept apart.
 */
final class TrailerFields {
  /** Never changed, never given away. */
  static final HTTPHeaders NONE = new HTTPHeaders();

  private static final Set<String> NOT_BEHIND_A_BODY =
      Set.of(
          "accept",
          "accept-charset",
          "accept-encoding",
          "accept-language",
          "age",
          "authorization",
          "cache-control",
          "connection",
          "content-disposition",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "cookie",
          "date",
          "expect",
          "expires",
          "forwarded",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "keep-alive",
          "location",
          "max-forwards",
          "origin",
          "pragma",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "range",
          "referer",
          "retry-after",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "vary",
          "www-authenticate",
          "x-real-ip");

  private TrailerFields() {}

  /** Whether a field of this name may. */
  static boolean allows(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !NOT_BEHIND_A_BODY.contains(lower) && !lower.startsWith("x-forwarded-");
  }

  /** Those that may. */
  static HTTPHeaders allowed(HTTPHeaders fields) {
    var allowed = new HTTPHeaders();
    for (int i = 0; i < fields.size(); i++) {
      if (allows(fields.nameAt(i))) {
        allowed.addChecked(fields.nameAt(i), fields.valueAt(i));
      }
    }
    return allowed;
  }
}
