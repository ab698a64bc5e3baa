// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who waits for the next message. Confined to the loop. */
final class Messages {
  private final List<Consumer<String>> waiting = new ArrayList<>();

  /** Calls {@code receiver} with the next message, once. */
  void onNext(Consumer<String> receiver) {
    waiting.add(receiver);
  }

  /** The receiver waits no more. */
  void forget(Consumer<String> receiver) {
    waiting.remove(receiver);
  }

  /** Gives a message to all who wait, and says to how many. */
  int send(String message) {
    var receivers = List.copyOf(waiting);
    waiting.clear();
    receivers.forEach(receiver -> receiver.accept(message));
    return receivers.size();
  }
}
