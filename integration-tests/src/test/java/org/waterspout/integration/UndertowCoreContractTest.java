// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import io.undertow.Undertow;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.http.Capability;
import org.waterspout.integration.contract.ContractApplication;

/** The contract in Undertow without servlets. */
final class UndertowCoreContractTest implements ServerContract {
  @RegisterExtension static final UndertowCore undertow = new UndertowCore();

  @Override
  public Deployment deployment() {
    return undertow;
  }

  private static final class UndertowCore extends CoreDeployment {
    private final UndertowAdapter adapter = new UndertowAdapter(new ContractApplication().get());
    private final Undertow server =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(adapter).build();

    UndertowCore() {
      super("Undertow 2.4", "undertow-core", Capability.INFORMATIONAL_ANSWERS);
    }

    @Override
    void start() {
      adapter.start();
      server.start();
    }

    @Override
    public int port() {
      return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public void close() {
      server.stop();
      adapter.close();
    }
  }
}
