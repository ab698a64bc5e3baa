// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

/** How a user's name and password are sent. Tornado: {@code auth_mode}. */
public enum AuthMode {
  /** With the first request already, readable for whoever reads the connection: RFC 7617. */
  BASIC,

  /** After the server's challenge, and never the password itself: RFC 7616. */
  DIGEST
}
