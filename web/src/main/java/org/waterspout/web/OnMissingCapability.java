// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

/** What happens to handlers that need something that a deployment cannot offer. */
public enum OnMissingCapability {
  /** The application does not start there. */
  FAIL,
  /** Their routes answer 501; all others work. */
  ROUTE
}
