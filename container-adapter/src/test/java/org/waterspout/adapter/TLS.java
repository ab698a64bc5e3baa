// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Both sides of TLS, by the test certificates. */
public final class TLS {
  /** Of all key stores. */
  static final String PASSWORD = "secret";

  private TLS() {}

  /** A server's for localhost, which trusts our clients. */
  public static SSLContext server() throws GeneralSecurityException, IOException {
    return context("server.p12");
  }

  /** Of a client that trusts our servers and has a certificate, or has none. */
  static Socket connect(int port, boolean certified) throws GeneralSecurityException, IOException {
    var context = certified ? context("client.p12") : context(null);
    var raw = new Socket(InetAddress.getLoopbackAddress(), port);
    raw.setSoTimeout(20_000);
    var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", port, true);
    socket.startHandshake();
    return socket;
  }

  /** One of the test certificates. */
  public static Path file(String name) {
    var url = Objects.requireNonNull(TLS.class.getResource("/certificates/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext context(String keys) throws GeneralSecurityException, IOException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load("trust.p12"));
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys == null ? null : load(keys), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(String name) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file(name))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }
}
