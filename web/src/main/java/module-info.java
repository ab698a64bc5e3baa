// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * HTTP and the handler framework: the three seams and the server in {@code http}, the client in
 * {@code httpclient}, routes in {@code routing}, {@code Application} and {@code RequestHandler} in
 * {@code web}, both ends of WebSockets in {@code websocket}.
 */
module org.waterspout.web {
  requires static transitive org.jspecify;
  requires transitive org.waterspout.ioloop;
  requires tools.jackson.databind;

  exports org.waterspout.escape;
  exports org.waterspout.http;
  exports org.waterspout.httpclient;
  exports org.waterspout.routing;
  exports org.waterspout.web;
  exports org.waterspout.websocket;
}
