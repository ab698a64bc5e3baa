// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.Set;
import org.waterspout.http.Capability;

/** A running server with an application in it. */
interface Deployment extends AutoCloseable {
  int port();

  /** What it is expected to offer. */
  Set<Capability> capabilities();
}
