// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.spring;

/** A bean that both the controller and the handlers use. */
final class Greetings {
  String of(String name) {
    return "Hello, " + name + "!\n";
  }
}
