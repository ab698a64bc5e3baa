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
    String digits = value.substring(colon + 1);
    boolean valid = digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= 65535;
    return new HostPort(value.substring(0, colon), valid ? Integer.parseInt(digits) : -1);
  }
}
