// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import io.undertow.Undertow;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.waterspout.adapter.undertow.UndertowAdapter;

/**
 * The application of {@link EchoServer} in an embedded Undertow, without the servlet API.
 *
 * <pre>
 *   java -cp ... org.waterspout.examples.UndertowCore --port=8888
 *   curl -d hello http://localhost:8888/
 * </pre>
 */
final class UndertowCore implements AutoCloseable {
  private final UndertowAdapter adapter = new UndertowAdapter(EchoServer.application());
  private final Undertow undertow;

  /**
   * Starts Undertow with the application.
   *
   * @param port where to listen, 0 for any free port: then {@link #port} tells which
   * @throws RuntimeException if the port is taken or the application does not start
   */
  UndertowCore(int port) {
    undertow = Undertow.builder().addHttpListener(port, "0.0.0.0").setHandler(adapter).build();
    adapter.start(); // Undertow's handlers have no life of their own
    try {
      undertow.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where it listens. */
  int port() {
    var address = undertow.getListenerInfo().getFirst().getAddress();
    return ((InetSocketAddress) address).getPort();
  }

  @Override
  public void close() {
    undertow.stop();
    adapter.close();
  }

  /** Runs until Ctrl-C. */
  static void main(String[] args) {
    var options =
        Options.of("Sends back every request's body, in an embedded Undertow.")
            .port("port", 8888, "the port to listen on")
            .parse(args);
    int port = options.port("port");
    try {
      var running = new UndertowCore(port);
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
      System.out.println("http://localhost:" + running.port() + "/");
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof BindException)) {
        throw e;
      }
      Options.fail("cannot listen on port " + port + ": it is taken");
    }
  }
}
