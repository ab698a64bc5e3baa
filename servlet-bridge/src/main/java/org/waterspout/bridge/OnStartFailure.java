// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

/** What becomes of a server when a web application in it does not start. */
public enum OnStartFailure {
  /** The server does not start either: whoever starts it gets the exception. */
  FAIL,
  /** The reason is logged and the application's requests are answered 503; all others go on. */
  UNAVAILABLE
}
