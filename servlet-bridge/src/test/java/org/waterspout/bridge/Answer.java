// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPHeaders;

/** What a client got. */
record Answer(int status, HTTPHeaders headers, byte[] body, boolean cut) {
  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  List<String> cookies() {
    return headers.getList("Set-Cookie");
  }

  /** The name and value of the session cookie, for a Cookie field; fails if there is none. */
  String sessionCookie() {
    return cookies().stream()
        .filter(cookie -> cookie.startsWith("JSESSIONID="))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no session cookie in " + headers));
  }
}
