// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.text.Shown;

/** Where an answer leads, RFC 9110 section 15.4. Pure. */
final class Redirects {
  private static final List<String> OF_BODY =
      List.of(
          "Content-Length",
          "Content-Type",
          "Content-Encoding",
          "Content-Language",
          "Content-Location",
          "Content-Digest",
          "Transfer-Encoding",
          "Expect",
          "Trailer");
  private static final List<String> OF_ORIGIN =
      List.of("Authorization", "Cookie", "Cookie2", "Proxy-Authorization");

  private Redirects() {}

  /**
   * The Location of an answer that is a redirect we follow; null: it is none.
   *
   * @throws HTTPClientError if there are two that differ
   */
  static @Nullable String location(int code, HTTPHeaders headers) {
    return switch (code) {
      case 301, 302, 303, 307, 308 -> onlyOne(headers.getList("Location"));
      default -> null;
    };
  }

  private static @Nullable String onlyOne(List<String> locations) {
    if (locations.stream().distinct().count() > 1) {
      throw new HTTPClientError(
          "a redirect to several places: " + Shown.quoted("" + locations), null);
    }
    return locations.isEmpty() ? null : locations.getFirst();
  }

  /**
   * The request that follows from a redirect.
   *
   * @throws HTTPClientError if it leads to no URL that is fetched, or wants a body that is gone
   */
  static HTTPRequest follow(HTTPRequest request, RequestURL from, int code, String location) {
    try {
      return next(request, from, code, from.resolve(location));
    } catch (IllegalArgumentException e) { // which shows no credentials
      throw new HTTPClientError("a redirect to what is not followed: " + e.getMessage(), e);
    }
  }

  private static HTTPRequest next(HTTPRequest request, RequestURL from, int code, RequestURL to) {
    var next = request.toBuilder();
    var headers = request.headers();
    headers.remove("Host"); // whatever it was, it was this server's
    if (becomesGet(code, request.method())) {
      next.method("GET").body((byte[]) null).bodyProducer(null).expect100Continue(false);
      OF_BODY.forEach(headers::remove);
    } else {
      checkRepeatable(request, "the redirect " + code);
    }
    if (!to.sameOrigin(from)) {
      checkLeavesNoSocket(request, to);
      OF_ORIGIN.forEach(headers::remove);
      next.credentials(null).ssl(request.ssl() == null ? null : request.ssl().withoutCertificate());
    } else if (from.credentials() != null && to.credentials() == null) {
      var mode = request.credentials() == null ? AuthMode.BASIC : request.credentials().mode();
      next.credentials(HTTPRequest.credentialsOf(from, mode));
    }
    var url = to.sameOrigin(from) ? to.withCredentials() : to.toString();
    return next.url(url).headers(headers).build();
  }

  /** Who listens at a Unix domain socket is not who another URL names. */
  private static void checkLeavesNoSocket(HTTPRequest request, RequestURL to) {
    if (request.unixSocket() != null) {
      throw new IllegalArgumentException(
          "another origin than that of the Unix domain socket: " + Shown.quoted(to.toString()));
    }
  }

  /** POST by custom (RFC 9110 15.4.2, 15.4.3), all but HEAD by rule (15.4.4). */
  private static boolean becomesGet(int code, String method) {
    return switch (code) {
      case 301, 302 -> method.equals("POST");
      case 303 -> !method.equals("HEAD");
      default -> false;
    };
  }

  /**
   * Refuses to send a body again that is gone.
   *
   * @throws HTTPClientError if it is
   */
  static void checkRepeatable(HTTPRequest request, String why) {
    if (!isRepeatable(request)) {
      throw new HTTPClientError(
          why + " wants the body again, which its producer cannot repeat", null);
    }
  }

  static boolean isRepeatable(HTTPRequest request) {
    var producer = request.bodyProducer();
    return producer == null || producer.repeatable();
  }
}
