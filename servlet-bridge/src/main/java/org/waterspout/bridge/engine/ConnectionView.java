// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.engine;

import jakarta.servlet.ServletConnection;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The connection as servlets see it. */
record ConnectionView(String connectionId, boolean secure) implements ServletConnection {
  private static final AtomicLong LAST_ID = new AtomicLong();
  private static final Map<Object, String> IDS = Collections.synchronizedMap(new WeakHashMap<>());

  /** The view of a connection, whose id no other one of the process has. */
  static ConnectionView of(Object connection, boolean secure) {
    String id = IDS.computeIfAbsent(connection, _ -> Long.toHexString(LAST_ID.incrementAndGet()));
    return new ConnectionView(id, secure);
  }

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
