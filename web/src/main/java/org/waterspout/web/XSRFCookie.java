// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

/**
 * How the cookie of an XSRF token is written.
 *
 * @param version 1 or 2
 */
record XSRFCookie(String name, int version, CookieAttributes attributes) {
  static final XSRFCookie DEFAULT =
      new XSRFCookie(
          "_xsrf", 2, CookieAttributes.DEFAULT.withSameSite(CookieAttributes.SameSite.LAX));

  XSRFCookie {
    if (version < 1 || version > 2) {
      throw new IllegalArgumentException("there is no version " + version + " of XSRF tokens");
    }
    var _ = SetCookie.header(name, "", attributes); // refuses what browsers would drop
  }
}
