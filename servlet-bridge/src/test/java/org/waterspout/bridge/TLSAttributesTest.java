// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.tcp.SSLOptions;

/** What requests tell of TLS, Servlet 6.1 section 3.10. */
class TLSAttributesTest {
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp");
  private static final String PREFIX = "jakarta.servlet.request.";
  private static final char[] PASSWORD = "secret".toCharArray();

  /** What a servlet saw. */
  private record Seen(
      Object protocol, Object suite, Object keySize, Object sessionId, Object certificates) {
    static Seen of(HttpServletRequest request) {
      return new Seen(
          request.getAttribute(PREFIX + "secure_protocol"),
          request.getAttribute(PREFIX + "cipher_suite"),
          request.getAttribute(PREFIX + "key_size"),
          request.getAttribute(PREFIX + "ssl_session_id"),
          request.getAttribute(PREFIX + "X509Certificate"));
    }
  }

  private final BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(1);

  private ServletContainer app() {
    return ServletContainer.builder()
        .servlet(
            "s",
            Code.servlet(
                (request, response) -> {
                  assertThat(request.isSecure()).isTrue();
                  assertThat(request.getServletConnection().isSecure()).isTrue();
                  assertThat(Collections.list(request.getAttributeNames()))
                      .contains(PREFIX + "cipher_suite");
                  seen.add(Seen.of(request));
                }),
            "/*")
        .build();
  }

  private static KeyStore load(String name) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(CERTIFICATES.resolve(name))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static SSLContext client() throws Exception {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load("client.p12"), PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load("trust.p12"));
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private Seen request(boolean askClient, String protocol, String suite) throws Exception {
    var tls =
        SSLOptions.builder()
            .certificate(
                CERTIFICATES.resolve("server.pem"), CERTIFICATES.resolve("server-key.pem"));
    if (askClient) {
      tls.trust(CERTIFICATES.resolve("ca.pem")).needClientCertificate();
    }
    var options = HTTPServerOptions.builder().ssl(tls.build()).build();
    try (var server = new BridgeServer(options, mount("/app", app()));
        var raw = server.connect();
        var socket =
            (SSLSocket)
                client().getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setEnabledCipherSuites(new String[] {suite});
      socket
          .getOutputStream()
          .write(
              "GET /app/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200");
      return seen.poll(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void tellProtocolAndCipher() throws Exception {
    Seen told = request(false, "TLSv1.3", "TLS_AES_128_GCM_SHA256");
    assertThat(told.protocol()).isEqualTo("TLSv1.3");
    assertThat(told.suite()).isEqualTo("TLS_AES_128_GCM_SHA256");
    assertThat(told.keySize()).isEqualTo(128);
    assertThat(told.certificates()).isNull();
    Seen older = request(false, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assertThat(older.protocol()).isEqualTo("TLSv1.2");
    assertThat(older.keySize()).isEqualTo(256);
    assertThat(older.sessionId()).asString().matches("([0-9a-f]{2})+");
  }

  @Test
  void tellTheCertificatesOfTheClient() throws Exception {
    Seen told = request(true, "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256");
    assertThat(told.keySize()).isEqualTo(256);
    assertThat(told.certificates()).isInstanceOf(X509Certificate[].class);
    var chain = List.of((X509Certificate[]) told.certificates());
    assertThat(chain.getFirst().getSubjectX500Principal().getName()).containsIgnoringCase("client");
  }

  @Test
  void areNotThereWithoutTLS() throws Exception {
    var app =
        ServletContainer.builder()
            .servlet("s", Code.servlet((request, response) -> seen.add(Seen.of(request))), "/*");
    try (var started = TestApp.start("/app", app)) {
      started.get("/app/");
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(new Seen(null, null, null, null, null));
    }
  }
}
