// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.iostream;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.waterspout.tcp.TestCertificates;

/** TLS as the JDK speaks it over blocking sockets. */
final class JDKTLS {
  private static final Map<String, SSLContext> CONTEXTS = new ConcurrentHashMap<>(); // slow to make

  private JDKTLS() {}

  /** A socket that speaks TLS over another one; the handshake has not begun. */
  static SSLSocket over(Socket raw, boolean serverSide) throws Exception {
    var keys = serverSide ? "server.p12" : "client.p12";
    var factory = CONTEXTS.computeIfAbsent(keys, JDKTLS::context).getSocketFactory();
    var socket = (SSLSocket) factory.createSocket(raw, "localhost", raw.getPort(), true);
    socket.setUseClientMode(!serverSide);
    return socket;
  }

  /** Has one of the test's certificates, and trusts the authority of all of them. */
  private static SSLContext context(String keys) {
    try {
      return newContext(keys);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext newContext(String keys) throws GeneralSecurityException, IOException {
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(load(keys), TestCertificates.password());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load("trust.p12"));
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(String name) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(TestCertificates.file(name))) {
      store.load(in, TestCertificates.password());
    }
    return store;
  }
}
