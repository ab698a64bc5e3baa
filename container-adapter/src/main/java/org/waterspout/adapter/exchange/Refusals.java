// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.exchange;

import org.jspecify.annotations.Nullable;
import org.waterspout.log.Log;

/** One line in the log for each request that is refused. From any thread. */
public final class Refusals {
  private Refusals() {}

  /**
   * Logs one.
   *
   * @param request what is known of it; escaped here, as the reason is
   */
  public static void log(String request, int status, @Nullable String reason) {
    var line = new IllegalArgumentException(request + " refused with " + status + ": " + reason);
    Log.GENERAL.log(
        System.Logger.Level.INFO, "{0}", String.valueOf(Log.cleaned(line).getMessage()));
  }
}
