// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/** What a message says about its connection, RFC 9112 section 9.3. Pure. */
final class KeepAlive {
  private KeepAlive() {}

  /** Whether the sender wants to go on after this exchange. */
  static boolean of(HTTPHeaders headers, boolean http10) {
    if (headers.find("Connection") < 0) {
      return !http10;
    }
    return !HeaderList.contains(headers, "Connection", "close")
        && (!http10 || HeaderList.contains(headers, "Connection", "keep-alive"));
  }
}
