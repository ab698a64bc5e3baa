// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.SSLOptionsBuilder;

/** HTTPS for tests: the server's side by our options, the client's by the JDK's own. */
public final class TestTLS {
  private TestTLS() {}

  /** Has a certificate for localhost and 127.0.0.1 already. */
  public static SSLOptionsBuilder server() throws Exception {
    return SSLOptions.builder().certificate(file("server.pem"), file("server-key.pem"));
  }

  static Path authority() throws Exception {
    return file("ca.pem");
  }

  /** Trusts the server. */
  public static SSLContext client() throws Exception {
    return client(null);
  }

  /** Trusts the server, and has the key of a client. */
  static SSLContext certifiedClient() throws Exception {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load("client.p12"), password());
    return client(keys);
  }

  /** A socket after its handshake with a server on this machine. */
  public static SSLSocket connect(SSLContext context, int port, String... protocols)
      throws Exception {
    var raw = new Socket(InetAddress.getLoopbackAddress(), port);
    raw.setSoTimeout(20_000);
    var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", port, true);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }

  private static SSLContext client(KeyManagerFactory keys) throws Exception {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load("trust.p12"));
    var context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(String name) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file(name))) {
      store.load(in, password());
    }
    return store;
  }

  private static char[] password() {
    return "secret".toCharArray();
  }

  /** One of the test certificates. */
  public static Path file(String name) throws Exception {
    return Path.of(TestTLS.class.getResource("/certificates/" + name).toURI());
  }
}
