// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** An example's application on a loop of its own, on a free port of the loopback interface. */
final class Serving implements AutoCloseable {
  final IOLoop loop = new IOLoop();
  final int port;
  private final Thread runner = Thread.ofPlatform().daemon().start(loop::start);

  Serving(Supplier<Application> application) throws Exception {
    port =
        loop.spawn(() -> application.get().listen(0, "127.0.0.1").port()).get(20, TimeUnit.SECONDS);
  }

  RawClient connect() throws Exception {
    return new RawClient(port);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() throws Exception {
    loop.stop();
    runner.join(20_000);
    loop.close(true);
  }
}
