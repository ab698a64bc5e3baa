// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

/** What this deployment can do, and what this application loses in it. */
final class CapabilitiesHandler extends org.waterspout.web.CapabilitiesHandler {
  @Override
  protected void prepare() {
    DemoHandler.open(this);
  }
}
