// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.adapter.jetty.JettyAdapter;
import org.waterspout.http.Capability;
import org.waterspout.integration.contract.ContractApplication;

/** The contract in Jetty's core. */
final class JettyCoreContractTest implements ServerContract {
  @RegisterExtension static final JettyCore jetty = new JettyCore();

  @Override
  public Deployment deployment() {
    return jetty;
  }

  private static final class JettyCore extends CoreDeployment {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    JettyCore() {
      super("Jetty 12.1", "jetty-core", Capability.CUSTOM_REASON_PHRASE);
    }

    @Override
    void start() throws Exception {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      server.setHandler(new JettyAdapter(new ContractApplication().get()));
      server.start();
    }

    @Override
    public int port() {
      return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
      server.stop();
    }
  }
}
