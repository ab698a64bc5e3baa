// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

/** An answer before its body. Pure. */
record ResponseHead(ResponseStartLine startLine, HTTPHeaders headers) {
  int status() {
    return startLine.status();
  }

  boolean http10() {
    return startLine.version().equals("HTTP/1.0");
  }

  /** Whether the answer itself is still to come; RFC 9110 section 15.2. */
  boolean interim() {
    return status() < 200 && status() != 101;
  }

  /** Whether HTTP ends behind this head, if the request asked for that. */
  boolean switches(String method) {
    return status() == 101 || (method.equals("CONNECT") && status() >= 200 && status() < 300);
  }

  /** Whether the connection can go on after this answer. */
  boolean keepAlive() {
    return KeepAlive.of(headers, http10());
  }
}
