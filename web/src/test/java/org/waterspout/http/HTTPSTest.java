// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.tcp.SSLOptionsBuilder;

/** The whole server over TLS, with the JDK's clients. */
class HTTPSTest {
  private static TestServer serve(SSLOptions ssl, TestRequest.Answer answer) throws Exception {
    var options = HTTPServerOptions.builder().ssl(ssl).build();
    return new TestServer(TestRequest.answering(answer), options);
  }

  private static SSLOptionsBuilder options() throws Exception {
    return TestTLS.server();
  }

  private static RawClient connect(TestServer server, SSLContext context, String... protocols)
      throws Exception {
    return new RawClient(TestTLS.connect(context, server.server.port(), protocols));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder()
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  private static HttpRequest.Builder request(TestServer server, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + server.server.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void answersRequestsOfAConnection(String protocol) throws Exception {
    try (var server = serve(options().build(), HTTPServerTest::echo);
        var client = connect(server, TestTLS.client(), protocol)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.get("/" + i).text()).isEqualTo("GET /" + i + " ");
      }
    }
  }

  @Test
  void servesTheJDKsClient() throws Exception {
    byte[] body = "0123456789abcdef".repeat(100_000).getBytes();
    TestRequest.Answer back = request -> request.reply(200, request.text());
    try (var server = serve(options().build(), back);
        var client = client(TestTLS.client())) {
      for (int i = 0; i < 3; i++) {
        var post = request(server, "/").POST(BodyPublishers.ofByteArray(body)).build();
        assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
      }
    }
  }

  @Test
  void saysThatTheProtocolIsHTTPS() throws Exception {
    TestRequest.Answer tell =
        request -> request.reply(200, request.connection.context().protocol());
    try (var server = serve(options().build(), tell);
        var client = connect(server, TestTLS.client())) {
      assertThat(client.get("/").text()).isEqualTo("https");
    }
  }

  @Test
  void agreesOnHTTP11ByALPN() throws Exception {
    var ssl = options().applicationProtocols("http/1.1").build();
    try (var server = serve(ssl, HTTPServerTest::echo);
        var socket = TestTLS.connect(TestTLS.client(), server.server.port())) {
      assertThat(socket.getApplicationProtocol()).isEmpty(); // not asked for
      var client = client(TestTLS.client()); // asks for h2 and http/1.1
      var answer = client.send(request(server, "/").build(), BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void tellsWhichCertificateTheClientHas() throws Exception {
    var ssl = options().trust(TestTLS.authority()).wantClientCertificate();
    TestRequest.Answer tell =
        request -> {
          var made =
              new HTTPServerRequest(
                  request.startLine, request.headers, new Object(), request.connection);
          var certificate = made.getSSLCertificate();
          request.reply(
              200, certificate == null ? "none" : certificate.getSubjectX500Principal().getName());
        };
    try (var server = serve(ssl.build(), tell);
        var certified = connect(server, TestTLS.certifiedClient());
        var other = connect(server, TestTLS.client())) {
      assertThat(certified.get("/").text()).containsIgnoringCase("CN=");
      assertThat(other.get("/").text()).isEqualTo("none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEarlyAnswerArrivesThoughTheClientStillSends(String protocol) throws Exception {
    var options = HTTPServerOptions.builder().ssl(options().build()).maxBodySize(10).build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options);
        var client = connect(server, TestTLS.client(), protocol)) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
      for (int i = 0; i < 20; i++) {
        client.send(new byte[1000]);
      }
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aCutAnswerIsNotEnded() throws Exception {
    TestRequest.Answer cut =
        request -> {
          request.begin();
          request.write("abc");
          request.connection.abort();
        };
    try (var server = serve(options().build(), cut);
        var client = connect(server, TestTLS.client())) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThatExceptionOfType(IOException.class).isThrownBy(client::read);
      try (var old = connect(server, TestTLS.client())) {
        old.send("GET / HTTP/1.0\r\n\r\n");
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(old::read)
            .isNotInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void plainHTTPIsRefusedWithoutHarmToOthers() throws Exception {
    try (var server = serve(options().build(), HTTPServerTest::echo);
        var plain = server.connect();
        var client = connect(server, TestTLS.client())) {
      plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      plain.expectNoAnswer();
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void aHandshakeThatStallsIsCut() throws Exception {
    var options =
        HTTPServerOptions.builder()
            .ssl(options().build())
            .headerTimeout(Duration.ofMillis(300))
            .build();
    try (var server = new TestServer(TestRequest.answering(HTTPServerTest::echo), options);
        var client = server.connect()) {
      client.sendIfOpen((byte) 22, (byte) 3, (byte) 1);
      client.expectCut();
    }
  }

  @Test
  void theWriteSideIsNotLent() throws Exception {
    var seen = new CompletableFuture<Boolean>();
    TestRequest.Answer answer =
        request -> {
          seen.complete(
              request.connection.lendWriteSide() == null
                  && !request.connection.capabilities().contains(Capability.WRITE_LOAN));
          request.reply(200, "");
        };
    try (var server = serve(options().build(), answer);
        var client = connect(server, TestTLS.client())) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(seen.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void refusesToServeWithoutACertificate() {
    var options = HTTPServerOptions.builder().ssl(SSLOptions.defaults()).build();
    assertThatIllegalStateException()
        .isThrownBy(() -> new HTTPServer(TestRequest.answering(HTTPServerTest::echo), options))
        .withMessageContaining("certificate");
  }
}
