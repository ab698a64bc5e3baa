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
    setHeader("Cache-Control", "no-store");
    setHeader("Vary", "Origin");
    var origin = request().headers().get("Origin");
    if (origin != null && Deployments.includesOrigin(origin, request().hostName())) {
      setHeader("Access-Control-Allow-Origin", origin);
    }
  }
}
