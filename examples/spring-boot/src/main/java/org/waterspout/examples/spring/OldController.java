// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.spring;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was there before, and stays. */
@RestController
final class OldController {
  private final Greetings greetings;

  OldController(Greetings greetings) {
    this.greetings = greetings;
  }

  @GetMapping(path = "/old", produces = "text/plain;charset=UTF-8")
  String old() {
    return greetings.of("controller");
  }
}
