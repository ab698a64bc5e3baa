// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One string for the equal values of many requests: their clients are of a few kinds, and name the
 * same host. For requests that are kept for as long as their connection lasts.
 *
 * <p>Holds the last few values, each in the place that its hash gives it. Of headers only that hold
 * no secrets. From any thread: strings are immutable, and a lost race costs no more than a copy.
 */
final class RecentValues {
  private static final int PLACES = 64;
  private static final int LONGEST = 256;
  private static final @Nullable String[] RECENT = new @Nullable String[PLACES];

  private RecentValues() {}

  static String share(String name, String value) {
    if (value.length() > LONGEST || !isShared(name)) {
      return value;
    }
    int hash = value.hashCode();
    int place = (hash ^ hash >>> 16) & (PLACES - 1);
    String recent = RECENT[place];
    if (recent != null && value.equals(recent)) {
      return recent;
    }
    RECENT[place] = value;
    return value;
  }

  private static boolean isShared(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "accept-language", "host", "origin", "sec-websocket-protocol", "user-agent" -> true;
      default -> false;
    };
  }
}
