// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.demo;

import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.gen.Gen.sleep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.waterspout.http.HTTPServer;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/**
 * The services that {@link BothHandler} asks: one sleeps, one asks the database, off the loop. They
 * are served on a port of this machine that nobody else is told, from when they are first needed;
 * it closes with the loop.
 */
final class Services {
  private final Database database;
  private @Nullable HTTPServer server; // once they are needed

  Services(Database database) {
    this.database = database;
  }

  /** Where a service is. On a loop. */
  synchronized String url(String path) {
    if (server == null) {
      server =
          new Application(
                  Application.url("/nap", NapHandler::new),
                  Application.url("/database", () -> new DatabaseHandler(database)))
              .listen(0, "127.0.0.1");
    }
    return "http://127.0.0.1:" + server.port() + path;
  }

  /** Sleeps on the loop, which does other work meanwhile. */
  private static final class NapHandler extends RequestHandler {
    private static final Duration NAP = Duration.ofMillis(200);

    @Override
    protected void get() {
      await(sleep(NAP));
      write("slept " + NAP.toMillis() + " ms");
    }
  }

  /** Asks the database by JDBC, off the loop. */
  private static final class DatabaseHandler extends RequestHandler {
    private final Database database;

    DatabaseHandler(Database database) {
      this.database = database;
    }

    @Override
    protected void get() {
      write("H2 " + await(blocking(database::version)));
    }
  }
}
