// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.office;

import static org.waterspout.web.Application.url;

import java.util.function.Supplier;
import org.waterspout.web.Application;

/** The routes that have moved. */
public final class Office implements Supplier<Application> {
  /** For the container. */
  public Office() {}

  @Override
  public Application get() {
    return new Application(url("/display", DisplayHandler::new));
  }
}
