// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletConnection;

/** The connection as servlets see it. */
record ConnectionView(String connectionId, boolean secure) implements ServletConnection {
  @Override
  public String getConnectionId() {
    return connectionId;
  }

  @Override
  public String getProtocol() {
    return "http/1.1";
  }

  /** Empty: HTTP/1 has none. */
  @Override
  public String getProtocolConnectionId() {
    return "";
  }

  @Override
  public boolean isSecure() {
    return secure;
  }
}
