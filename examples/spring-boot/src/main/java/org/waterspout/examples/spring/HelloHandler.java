// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.spring;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;

import java.time.Duration;
import org.waterspout.web.RequestHandler;

/** Answers after a while, during which no thread waits. */
final class HelloHandler extends RequestHandler {
  private final Greetings greetings;

  HelloHandler(Greetings greetings) {
    this.greetings = greetings;
  }

  @Override
  protected void get() {
    await(sleep(Duration.ofMillis(100)));
    setHeader("Content-Type", "text/plain; charset=UTF-8");
    write(greetings.of(pathArgument("name")));
  }
}
