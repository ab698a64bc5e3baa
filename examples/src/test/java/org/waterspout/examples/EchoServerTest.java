// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The echo by HTTP. */
@Timeout(60)
final class EchoServerTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String TYPE = "Content-Type: application/octet-stream\r\n";
  private static final String REST = "X-Content-Type-Options: nosniff\r\n";

  private static final Path CURL = Path.of("/usr/bin/curl");
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp");

  @TempDir Path directory;
  private Serving serving;

  @BeforeEach
  void serve() throws Exception {
    serving = new Serving(EchoServer::application);
  }

  @AfterEach
  void stop() throws Exception {
    serving.close();
  }

  @Test
  void sendsBackTheBodyWithItsTypeAndLength() throws Exception {
    try (var client = serving.connect()) {
      client.send(
          "POST /any/path?q HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain; charset=x\r\n"
              + "Content-Length: 5\r\n\r\nab\r\n\u00ff");
      assertThat(client.head())
          .isEqualTo(
              OK + "Content-Type: text/plain; charset=x\r\n" + REST + "Content-Length: 5\r\n");
      assertThat(client.exactly(5)).isEqualTo("ab\r\n\u00ff");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "BREW /pot",
        "get /..//%zz?a=b&%",
        "OPTIONS *",
        "DELETE http://example.org:81/x",
        "TRACE /",
        "M-SEARCH /ws/"
      })
  void takesAnyMethodAndTargetAndGoesOn(String start) throws Exception {
    try (var client = serving.connect()) {
      var request = start + " HTTP/1.1\r\nHost: a\r\n";
      client.send(request + "\r\n" + request + "Content-Length: 3\r\n\r\nabc");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 0\r\n");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 3\r\n");
      assertThat(client.exactly(3)).isEqualTo("abc");
      client.send(request + "Connection: close\r\n\r\n");
      assertThat(client.head()).endsWith("Content-Length: 0\r\nConnection: close\r\n");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void sendsBackChunksWhileTheyArrive() throws Exception {
    try (var client = serving.connect()) {
      for (int i = 0; i < 2; i++) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n");
        assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Transfer-Encoding: chunked\r\n");
        assertThat(client.exactly(8)).isEqualTo("3\r\nabc\r\n");
        client.send("1\r\nd\r\n0\r\nTrailer: x\r\n\r\n");
        assertThat(client.exactly(11)).isEqualTo("1\r\nd\r\n0\r\n\r\n");
      }
    }
  }

  @Test
  void answersHeadWithoutTheBody() throws Exception {
    try (var client = serving.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 3\r\n");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST);
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 0\r\n");
    }
  }

  @Test
  void answersConnectBySendingBackUpToTheEnd() throws Exception {
    try (var client = serving.connect()) {
      client.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Connection: close\r\n");
      assertThat(client.rest()).isEqualTo("abc");
    }
  }

  @Test
  void servesOldClients() throws Exception {
    try (var client = serving.connect()) {
      client.send("POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.head()).endsWith("Content-Length: 3\r\nConnection: keep-alive\r\n");
      assertThat(client.exactly(3)).isEqualTo("abc");
      client.send("POST / HTTP/1.0\r\n\r\n");
      assertThat(client.head()).endsWith("Content-Length: 0\r\nConnection: close\r\n");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void asksForABodyThatIsHeldBack() throws Exception {
    try (var client = serving.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n");
      client.send("abc");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 3\r\n");
      assertThat(client.exactly(3)).isEqualTo("abc");
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head()).startsWith(OK);
    }
  }

  @Test
  void ofTwoTypesItTakesNone() throws Exception {
    try (var client = serving.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n");
      assertThat(client.head()).isEqualTo(OK + TYPE + REST + "Content-Length: 0\r\n");
    }
  }

  @Test
  void cutsAnAnswerWhoseRequestBreaksOff() throws Exception {
    try (var client = serving.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
      assertThat(client.head()).startsWith(OK);
      client.send("x\r\n");
      assertThat(client.rest()).as("no last chunk").isEqualTo("1\r\na\r\n");
    }
  }

  @Test
  void refusesABodyThatCanBeReadInTwoWays() throws Exception {
    try (var client = serving.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }

  /** Many do: to read an answer is the next step for them. */
  @Test
  void keepsWhatAClientDoesNotReadBeforeItHasSentAll() throws Exception {
    byte[] body = random(8 << 20);
    try (var client = serving.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
      client.send(body);
      assertThat(client.head()).contains("Content-Length: " + body.length);
      assertThat(Arrays.equals(client.bytes(body.length), body)).isTrue();
    }
  }

  @Test
  void servesTheJDKsClient() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      for (int size : new int[] {0, 1, 16 << 10, 1 << 20, 4 << 20}) {
        byte[] body = random(size);
        var known = BodyPublishers.ofByteArray(body);
        var unknown = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
        for (var publisher : List.of(known, unknown)) {
          var request =
              HttpRequest.newBuilder(serving.uri("/"))
                  .method("BREW", publisher)
                  .timeout(Duration.ofSeconds(20))
                  .build();
          var answer = client.send(request, BodyHandlers.ofByteArray());
          assertThat(Arrays.equals(answer.body(), body)).as("%s bytes", size).isTrue();
        }
      }
    }
  }

  @Test
  void servesCurl() throws Exception {
    var uri = serving.uri("/").toString();
    curl(uri, "-T", sent().toString());
    curl(uri, "--data-binary", "@" + sent(), "-H", "Transfer-Encoding: chunked");
    curl(uri, "--data-binary", "@" + sent(), "--http1.0");
  }

  @Test
  void servesCurlByHTTPS() throws Exception {
    try (var server =
        new ExampleProcess(
            EchoServer.class,
            64,
            "--tls-cert=" + CERTIFICATES.resolve("server.pem"),
            "--tls-key=" + CERTIFICATES.resolve("server-key.pem"))) {
      var authority = CERTIFICATES.resolve("ca.pem").toString();
      curl(
          "https://localhost:" + server.port + "/", "-T", sent().toString(), "--cacert", authority);
    }
  }

  private Path sent() {
    return directory.resolve("sent");
  }

  /** Sends 30 MiB, and they come back. */
  private void curl(String uri, String... options) throws Exception {
    assumeThat(CURL).isExecutable();
    Files.write(sent(), random(30 << 20));
    var received = directory.resolve("received");
    var command = new ArrayList<>(List.of(CURL.toString(), "-sSf", "-m", "30", uri));
    command.addAll(List.of("-o", received.toString()));
    command.addAll(List.of(options));
    var curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = curl.inputReader()) {
      assertThat(output.readAllAsString()).isEmpty();
    }
    assertThat(curl.waitFor()).isZero();
    assertThat(Files.mismatch(sent(), received)).isEqualTo(-1);
    Files.delete(received);
  }

  @Test
  void needsNoMemoryForALargeBody() throws Exception {
    int pieces = 4096;
    byte[] piece = random(1 << 16);
    try (var server = new ExampleProcess(EchoServer.class, 64);
        var client = new RawClient(server.port)) {
      long size = (long) pieces * piece.length;
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
      var sent =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < pieces; i++) {
                  client.sendUnchecked(piece);
                }
              });
      assertThat(client.head()).contains("Content-Length: " + size);
      for (int i = 0; i < pieces; i++) {
        assertThat(Arrays.equals(client.bytes(piece.length), piece)).isTrue();
      }
      sent.get(20, TimeUnit.SECONDS);
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head()).startsWith(OK);
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
