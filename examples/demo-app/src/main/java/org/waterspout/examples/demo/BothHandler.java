// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.multi;

import java.time.Duration;
import java.util.Map;
import org.waterspout.httpclient.AsyncHTTPClient;

/** Awaits two fetches at once, from two services that take their time. */
final class BothHandler extends DemoHandler {
  private final Services services;

  BothHandler(Services services) {
    this.services = services;
  }

  @Override
  protected void get() {
    long start = System.nanoTime();
    var client = AsyncHTTPClient.current();
    var both =
        await(multi(client.fetch(services.url("/nap")), client.fetch(services.url("/database"))));
    write(
        Map.of(
            "nap", both.get(0).text(),
            "database", both.get(1).text(),
            "milliseconds", Duration.ofNanos(System.nanoTime() - start).toMillis()));
  }
}
