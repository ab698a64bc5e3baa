// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

/** What {@link AddSlash} and {@link RemoveSlash} do. */
final class TrailingSlash {
  private TrailingSlash() {}

  /**
   * Sends the client to the path that the method wants, if that is another one.
   *
   * @throws HTTPError with 404 if a redirect would not do, or would lead to another host
   */
  static void correct(RequestHandler handler) {
    var request = handler.request();
    var facts = handler.facts();
    boolean adds = facts.addsSlash(request.method());
    if (!adds && !facts.removesSlash(request.method())) {
      return;
    }
    String path = request.path();
    String wanted = withoutSlashes(path);
    if (adds) {
      wanted = path.endsWith("/") ? path : path + "/";
    }
    if (wanted.equals(path)) {
      return;
    }
    boolean read = request.method().equals("GET") || request.method().equals("HEAD");
    if (!read || !Locations.isPath(path)) {
      throw new HTTPError(404);
    }
    String url = request.connection().contextPath() + Locations.escaped(wanted);
    handler.redirect(Locations.withQuery(url, request.query()), 301);
  }

  private static String withoutSlashes(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }
}
