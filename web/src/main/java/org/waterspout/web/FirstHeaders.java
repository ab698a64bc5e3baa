// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPUtil;
import org.waterspout.text.Product;

/**
 * What each answer begins with: Server, Content-Type and Date. Checked once a second and copied for
 * each answer. From any thread.
 */
final class FirstHeaders {
  private static volatile FirstHeaders last = new FirstHeaders(HTTPUtil.currentTimestamp());

  private final String date;
  private final HTTPHeaders headers = new HTTPHeaders(); // not changed once made

  private FirstHeaders(String date) {
    this.date = date;
    headers.add("Server", Product.NAME);
    headers.add("Content-Type", "text/html; charset=UTF-8");
    headers.add("Date", date);
  }

  /** Headers of one's own. */
  static HTTPHeaders now() {
    String date = HTTPUtil.currentTimestamp();
    var first = last;
    if (!first.date.equals(date)) {
      first = new FirstHeaders(date);
      last = first;
    }
    return first.headers.copy();
  }
}
