// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import org.waterspout.web.RequestHandler;

/**
 * What the demo's measured handlers share: answers are not cached, and the home page of one
 * deployment may read those of the other.
 */
abstract class DemoHandler extends RequestHandler {
  @Override
  protected void prepare() {
    open(this);
  }

  static void open(RequestHandler handler) {
    handler.setHeader("Cache-Control", "no-store");
    handler.setHeader("Vary", "Origin");
    var request = handler.request();
    var origin = request.headers().get("Origin");
    if (origin != null && Deployments.includesOrigin(origin, request.hostName())) {
      handler.setHeader("Access-Control-Allow-Origin", origin);
    }
  }
}
