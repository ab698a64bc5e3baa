// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.util.EnumSet;
import java.util.Set;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPServer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** An application on a loop of its own. */
final class NativeDeployment implements Deployment {
  private final IOLoop loop = new IOLoop();
  private final Application application;
  private final HTTPServer server;

  NativeDeployment(Application application) throws Exception {
    this.application = application;
    loop.makeCurrent();
    try {
      server = application.listen(0, "127.0.0.1");
    } finally {
      IOLoop.clearCurrent();
    }
    Thread.ofPlatform().name("native-deployment").start(loop::start);
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public void close() {
    server.stop();
    loop.close();
    application.stop();
  }
}
