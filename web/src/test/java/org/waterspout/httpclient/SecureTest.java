// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.tcp.OverrideResolver;
import org.waterspout.tcp.Resolver;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** By TLS, and by Unix domain sockets. */
class SecureTest {
  /** Says who asks. */
  static final class Who extends RequestHandler {
    @Override
    protected void get() {
      var certificate = request().getSSLCertificate();
      write(
          request().host()
              + " "
              + (certificate == null ? "nobody" : certificate.getSubjectX500Principal().getName()));
    }
  }

  private ClientLoop client;

  @BeforeEach
  void start() throws Exception {
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
  }

  private static Path file(String name) throws Exception {
    return Path.of(SecureTest.class.getResource("/certificates/" + name).toURI());
  }

  private static SiteServer site(SSLOptions options) throws Exception {
    return new SiteServer(
        new Application(Application.url("/.*", Who::new)),
        HTTPServerOptions.builder().ssl(options).build());
  }

  @Test
  void refusesServersThatItDoesNotKnow() throws Exception {
    try (var site = site(TestTLS.server().build())) {
      assertThat(client.failure(site.url("/")))
          .isInstanceOf(HTTPStreamClosedError.class)
          .hasMessageStartingWith("no connection: ");
      var trust = SSLOptions.builder().trust(file("ca.pem")).build();
      var response = client.fetch(site.url("/"), request -> request.ssl(trust));
      assertThat(response.text()).isEqualTo("localhost:" + site.server.port() + " nobody");
      assertThat(response.timeInfo().secure()).isPositive();
      assertThat(client.fetch(site.url("/"), r -> r.ssl(trust)).timeInfo().secure()).isZero();
    }
  }

  @Test
  void refusesServersOfAnotherName() throws Exception {
    try (var site = site(TestTLS.server().build())) {
      var trust = SSLOptions.builder().trust(file("ca.pem")).build();
      var url = "https://other.example:" + site.server.port() + "/";
      var resolver = new OverrideResolver(Resolver.system()).with("other.example", "127.0.0.1");
      try (var misled = new ClientLoop(ClientOptions.builder().resolver(resolver).build())) {
        assertThat(misled.failure(HTTPRequest.builder(url).ssl(trust).build()))
            .isInstanceOf(HTTPStreamClosedError.class);
        assertThat(misled.fetch(url, request -> request.validateCert(false)).code()).isEqualTo(200);
      }
    }
  }

  @Test
  void trustsAnybodyIfToldSoAndKeepsThatApart() throws Exception {
    try (var site = site(TestTLS.server().build())) {
      assertThat(client.fetch(site.url("/"), request -> request.validateCert(false)).code())
          .isEqualTo(200);
      assertThat(client.failure(site.url("/"))).isInstanceOf(HTTPStreamClosedError.class);
    }
  }

  @Test
  void showsItsCertificate() throws Exception {
    var server = TestTLS.server().trust(file("ca.pem")).wantClientCertificate().build();
    try (var site = site(server)) {
      var mine =
          SSLOptions.builder()
              .trust(file("ca.pem"))
              .keyStore(file("client.p12"), "secret".toCharArray())
              .build();
      assertThat(client.fetch(site.url("/"), request -> request.ssl(mine)).text())
          .doesNotContain("nobody");
      var trust = SSLOptions.builder().trust(file("ca.pem")).build();
      assertThat(client.fetch(site.url("/"), request -> request.ssl(trust)).text())
          .contains("nobody");
    }
  }

  @Test
  void speaksWithUnixSockets(@TempDir Path folder) throws Exception {
    var file = folder.resolve("s");
    try (var site = new SiteServer(new Application(Application.url("/.*", Who::new)))) {
      site.call(
          () -> {
            site.server.listen(file);
            return 0;
          });
      for (int i = 0; i < 2; i++) {
        assertThat(client.fetch("http://any.example/", request -> request.unixSocket(file)).text())
            .isEqualTo("any.example nobody");
      }
      assertThat(client.call(() -> client.client.pool().openCount())).isEqualTo(1);
    }
    assertThat(Files.exists(file)).isFalse();
  }

  /** Leads elsewhere. */
  static final class Elsewhere extends RequestHandler {
    @Override
    protected void get() {
      setStatus(302);
      setHeader("Location", request().query());
    }
  }

  private static SiteServer leading(HTTPServerOptions options) throws Exception {
    return new SiteServer(
        new Application(Application.url("/go", Elsewhere::new), Application.url("/.*", Who::new)),
        options);
  }

  private static SiteServer leading(SSLOptions options) throws Exception {
    return leading(HTTPServerOptions.builder().ssl(options).build());
  }

  @Test
  void showsItsCertificateToNoOtherOrigin() throws Exception {
    var server = TestTLS.server().trust(file("ca.pem")).wantClientCertificate().build();
    try (var first = leading(server);
        var second = site(server)) {
      var mine =
          SSLOptions.builder()
              .trust(file("ca.pem"))
              .keyStore(file("client.p12"), "secret".toCharArray())
              .build();
      assertThat(client.fetch(first.url("/go?/there"), request -> request.ssl(mine)).text())
          .doesNotContain("nobody");
      for (int i = 0; i < 2; i++) {
        var response =
            client.fetch(first.url("/go?" + second.url("/")), request -> request.ssl(mine));
        assertThat(response.text())
            .isEqualTo("localhost:" + second.server.port() + " nobody"); // trusted all the same
      }
      assertThat(client.call(() -> client.client.pool().openCount())).isEqualTo(2);
    }
  }

  @Test
  void trustsAnybodyBehindARedirectTooIfToldSo() throws Exception {
    try (var first = leading(TestTLS.server().build());
        var second = site(TestTLS.server().build())) {
      var url = first.url("/go?" + second.url("/"));
      assertThat(client.fetch(url, request -> request.validateCert(false)).code()).isEqualTo(200);
    }
  }

  @Test
  void leavesAUnixSocketForNoOtherOrigin(@TempDir Path folder) throws Exception {
    var file = folder.resolve("s");
    try (var site = leading(HTTPServerOptions.defaults());
        var other = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      site.call(
          () -> {
            site.server.listen(file);
            return 0;
          });
      assertThat(
              client
                  .fetch("http://any.example/go?/there", request -> request.unixSocket(file))
                  .text())
          .isEqualTo("any.example nobody");
      var away =
          HTTPRequest.builder("http://any.example/go?" + other.url("/")).unixSocket(file).build();
      assertThat(client.failure(away))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("another origin than that of the Unix domain socket");
      assertThat(other.connections()).isZero();
    }
  }
}
