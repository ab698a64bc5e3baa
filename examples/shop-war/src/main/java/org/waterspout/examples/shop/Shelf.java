// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.shop;

import java.util.List;

/** What can be bought. */
final class Shelf {
  static final List<String> ITEMS = List.of("Anchor", "Barometer", "Compass", "Rope");

  private Shelf() {}
}
