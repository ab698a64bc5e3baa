// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.ioloop;

import java.nio.channels.SelectableChannel;

/** What {@link IOLoop#addHandler} calls when a channel is ready. */
@FunctionalInterface
public interface IOHandler {
  /**
   * The channel is ready. Called on the loop, from its base level. While a call is parked in an
   * await, no further one is made.
   *
   * @param ops which of the registered operations are ready, as in {@link
   *     java.nio.channels.SelectionKey}
   */
  void handleEvents(SelectableChannel channel, int ops) throws Exception;
}
