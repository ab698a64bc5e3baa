// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import io.undertow.Undertow;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.adapter.jetty.JettyAdapter;
import org.waterspout.adapter.undertow.UndertowAdapter;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;

/** Behind a connector that speaks TLS and asks for a client's certificate. */
class TLSTest {
  /** Whom the client is known as, and how it came. */
  private static final class Who extends RequestHandler {
    @Override
    protected void get() {
      var certificate = request().getSSLCertificate();
      write(
          request().protocol()
              + " "
              + (certificate == null ? "nobody" : certificate.getSubjectX500Principal().getName())
              + " "
              + request().connection().peerCertificates().size());
    }

    @Override
    protected void post() {
      write(request().body());
    }
  }

  private static Application application() {
    return new Application(url("/who", Who::new));
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY, ASYNC",
    "JETTY, SYNC",
    "TOMCAT, ASYNC",
    "TOMCAT, SYNC",
    "UNDERTOW, ASYNC",
    "UNDERTOW, SYNC"
  })
  void tellsProtocolAndCertificateToServlets(Container.Kind kind, Mode mode) throws Exception {
    var options = AdapterOptions.defaults().withMode(mode);
    try (var container = kind.of(new ServletAdapter(application(), options)).withTLS().start()) {
      assertTold(container.port());
    }
  }

  @Test
  void tellsThemInJettysCore() throws Exception {
    var server = new Server();
    var connector = jettyConnector(server);
    server.setHandler(new JettyAdapter(application()));
    server.start();
    try {
      assertTold(connector.getLocalPort());
    } finally {
      server.stop();
    }
  }

  @Test
  void tellsThemInUndertowsHandler() throws Exception {
    try (var adapter = new UndertowAdapter(application())) {
      adapter.start();
      var undertow =
          Undertow.builder()
              .addHttpsListener(0, "127.0.0.1", TLS.server())
              .setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUESTED)
              .setHandler(adapter)
              .build();
      undertow.start();
      try {
        var address = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
        assertTold(address.getPort());
      } finally {
        undertow.stop();
      }
    }
  }

  private static void assertTold(int port) throws Exception {
    assertThat(get(port, false)).endsWith("https nobody 0");
    assertThat(get(port, true)).matches("(?s)HTTP/1.1 200 .*https CN=.*client.* [1-9]");
    assertThat(post(port, "x".repeat(1_000_000))).endsWith("x".repeat(1_000_000));
  }

  private static String get(int port, boolean certified) throws Exception {
    try (var socket = TLS.connect(port, certified)) {
      var head = "GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** More than a record of TLS, in both directions. */
  private static String post(int port, String body) throws Exception {
    try (var socket = TLS.connect(port, false)) {
      var head = "POST /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      var message = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
      socket.getOutputStream().write(message.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** Adds it to the server. */
  static ServerConnector jettyConnector(Server server) throws Exception {
    var tls = new SslContextFactory.Server();
    tls.setSslContext(TLS.server());
    tls.setWantClientAuth(true);
    var configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    var connector = new ServerConnector(server, tls, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    return connector;
  }
}
