// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

/**
 * HTTP and the handler framework: the three seams and the server in {@code http}, the client in
 * {@code httpclient}, routes in {@code routing}, {@code Application} and {@code RequestHandler} in
 * {@code web}, help for their tests in {@code web.testing}, both ends of WebSockets in {@code
 * websocket}. What several of them need and users do not is in {@code text}.
 */
module org.waterspout.web {
  requires static transitive org.jspecify;
  requires transitive org.waterspout.ioloop;
  requires static java.logging; // for web.testing
  // Not transitive: then whatever stands on this module could not be compiled without JUnit.
  requires static org.junit.jupiter.api;
  requires tools.jackson.databind;

  exports org.waterspout.escape;
  exports org.waterspout.http;
  exports org.waterspout.httpclient;
  exports org.waterspout.routing;
  exports org.waterspout.web;
  exports org.waterspout.web.testing;
  exports org.waterspout.websocket;
}
