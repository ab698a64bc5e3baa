// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

/**
 * A host as a Host field or an authority names it.
 *
 * @param host without port; an IPv6 address keeps its brackets
 * @param port -1 if none is named
 */
public record HostPort(String host, int port) {
  /** Reads one; a port that is not a number up to 65535 is as none. */
  public static HostPort parse(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 0 || colon < value.lastIndexOf(']')) {
      return new HostPort(value, -1);
    }
    return new HostPort(value.substring(0, colon), port(value, colon + 1));
  }

  private static int port(String value, int start) {
    int digits = value.length() - start;
    if (digits < 1 || digits > 5) {
      return -1;
    }
    int port = 0;
    for (int i = start; i < value.length(); i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = 10 * port + digit;
    }
    return port <= 65535 ? port : -1;
  }
}
