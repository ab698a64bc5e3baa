// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.server.Server;
import org.waterspout.examples.JettyWar;
import org.waterspout.http.Capability;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;

/** A WAR in an embedded Jetty 12.1, ee11. */
final class JettyWarDeployment implements Deployment {
  private final Server server;

  JettyWarDeployment(Path war) throws Exception {
    server = JettyWar.start(war, 0);
  }

  @Override
  public int port() {
    return JettyWar.port(server);
  }

  @Override
  public String name() {
    return "Jetty 12.1";
  }

  @Override
  public AutoCloseable expectLog(String regex) {
    return new ExpectLog(Log.APPLICATION, regex);
  }

  @Override
  public String column() {
    return "embedded";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(
        EnumSet.of(
            Capability.DETACH,
            Capability.CLOSE_DETECTION,
            Capability.CUSTOM_REASON_PHRASE,
            Capability.RAW_REQUEST_TARGET,
            Capability.INFORMATIONAL_ANSWERS,
            Capability.WEBSOCKET,
            Capability.WEBSOCKET_COMPRESSION,
            Capability.WEBSOCKET_PING_CONTROL,
            Capability.WEBSOCKET_PING_NOTICE,
            Capability.WRITE_LOAN));
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
