// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.message;

/** Names from outside, such as those of files in archives, as messages and the log show them. */
public final class Printable {
  private Printable() {}

  /** The name, with a question mark for each control character and what could be one. */
  public static String of(String name) {
    return name.replaceAll("\\p{C}", "?");
  }
}
