// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.descriptor;

/**
 * Where something stands, for messages.
 *
 * @param file as it is called in the WAR, such as {@code WEB-INF/web.xml}
 * @param line from 1; 0 of something that has no lines, such as a class
 * @param column from 1
 */
public record Place(String file, int line, int column) {
  /** The place of something without lines. */
  public static Place of(String file) {
    return new Place(file, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
