// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.util.function.Supplier;
import org.waterspout.web.Application;

/**
 * Makes the demo's Application. The native server calls it, and so does the WAR, whose {@code
 * web.xml} names this class.
 */
public final class DemoApplication implements Supplier<Application> {
  /** For {@code web.xml}. */
  public DemoApplication() {}

  @Override
  public Application get() {
    var database = new Database();
    var messages = new Messages();
    var services = new Services(database);
    return new Application(
        url("/", HomeHandler::new).name("home"),
        url("/both", () -> new BothHandler(services)),
        url("/stream", StreamHandler::new),
        url("/poll", () -> new PollHandler(messages)),
        url("/messages", () -> new MessagesHandler(messages)),
        url("/capabilities", CapabilitiesHandler::new),
        mount("/h2", database.console()));
  }
}
