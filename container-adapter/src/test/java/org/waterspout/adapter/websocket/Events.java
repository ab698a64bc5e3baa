// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What handlers tell the test, in their order. */
final class Events {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  void add(String event) {
    events.add(event);
  }

  String next() throws InterruptedException {
    String event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }
}
