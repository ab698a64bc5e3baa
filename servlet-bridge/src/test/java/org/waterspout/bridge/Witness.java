// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** Writes down what it is told of asynchronous processing. */
class Witness implements AsyncListener {
  private final String name;
  private final Told told;

  Witness(String name, Told told) {
    this.name = name;
    this.told = told;
  }

  void tell(String what, AsyncEvent event) throws IOException {
    told.add(name + what);
  }

  @Override
  public void onComplete(AsyncEvent event) throws IOException {
    tell(" complete", event);
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    tell(" timeout", event);
  }

  @Override
  public void onError(AsyncEvent event) throws IOException {
    tell(" error", event);
  }

  @Override
  public void onStartAsync(AsyncEvent event) throws IOException {
    tell(" start", event);
  }
}
