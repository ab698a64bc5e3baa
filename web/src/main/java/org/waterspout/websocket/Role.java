// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.websocket;

/** Which end of a connection reads or writes. */
enum Role {
  CLIENT,
  SERVER;

  Role peer() {
    return this == CLIENT ? SERVER : CLIENT;
  }

  /** RFC 6455 section 5.3: what clients send is masked, what servers send is not. */
  boolean masks() {
    return this == CLIENT;
  }
}
