// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.ioloop.IOLoop;

/** The upload example on a port of its own. */
@Timeout(60)
final class FileUploadTest {
  private static final int DEADLINE = 20_000;
  private static final String BOUNDARY = "------------------------d74496d66958873e";
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp");

  @TempDir Path directory;
  private final IOLoop loop = new IOLoop();
  private Thread runner;
  private int port;

  @BeforeEach
  void startServer() {
    loop.makeCurrent();
    port = FileUpload.application(directory).listen(0, "127.0.0.1").port();
    runner = Thread.ofPlatform().start(loop::start);
  }

  @AfterEach
  void stopServer() throws Exception {
    loop.stop();
    runner.join();
    loop.close(true);
    IOLoop.clearCurrent();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(DEADLINE);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String receive(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What curl sends for {@code -F file=@...}. */
  private static String form(String body) {
    return "POST /upload HTTP/1.1\r\n"
        + "Host: localhost:8888\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nConnection: close\r\n"
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nContent-Type: multipart/form-data; boundary="
        + BOUNDARY
        + "\r\n\r\n"
        + body;
  }

  private static String part(String filename, String content) {
    return "--"
        + BOUNDARY
        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
        + filename
        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        + content
        + "\r\n";
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void storesTheFilesOfAForm() throws Exception {
    var body =
        "--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nnot stored\r\n"
            + part("a b.txt", "one")
            + part("", "")
            + part("Gr\u00fc\u00dfe.txt", "two\r\n--")
            + "--"
            + BOUNDARY
            + "--\r\n";
    try (var socket = connect()) {
      send(socket, form(body));
      assertThat(receive(socket))
          .startsWith("HTTP/1.1 201 ")
          .contains("-a%20b.txt\"", "\"size\":3");
    }
    assertThat(files())
        .extracting(file -> file.getFileName().toString().substring(36), FileUploadTest::content)
        .containsExactlyInAnyOrder(
            tuple("-a%20b.txt", "one"), tuple("-Gr%C3%BC%C3%9Fe.txt", "two\r\n--"));
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void keepsNamesInsideTheDirectory() throws Exception {
    var names = List.of("..", ".", "../evil", "/etc/evil", "a\\\\b", "C:\\evil", "x".repeat(5000));
    var body = new StringBuilder();
    names.forEach(name -> body.append(part(name, "x")));
    try (var socket = connect()) {
      send(socket, form(body + "--" + BOUNDARY + "--"));
      assertThat(receive(socket)).startsWith("HTTP/1.1 201 ");
    }
    assertThat(files())
        .hasSize(names.size())
        .allMatch(Files::isRegularFile)
        .allMatch(file -> file.getFileName().toString().matches("[-A-Za-z0-9._~%]{37,217}"));
    assertThat(directory.resolveSibling("evil")).doesNotExist();
  }

  @Test
  void storesTheBodyOfAPUT() throws Exception {
    try (var socket = connect()) {
      send(
          socket,
          "PUT /files/..%2Fa.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
      assertThat(receive(socket)).startsWith("HTTP/1.1 201 ");
    }
    assertThat(files())
        .singleElement()
        .satisfies(file -> assertThat(file).hasContent("abcde"))
        .satisfies(file -> assertThat(file.getFileName().toString()).endsWith("-..%2Fa.bin"));
  }

  @Test
  void refusesAMalformedFormAndKeepsNoUnfinishedFile() throws Exception {
    try (var socket = connect()) {
      send(socket, form(part("a", "one") + "--" + BOUNDARY + "x"));
      assertThat(receive(socket)).startsWith("HTTP/1.1 400 ");
    }
    try (var socket = connect()) {
      send(socket, form(part("b", "two")));
      assertThat(receive(socket)).startsWith("HTTP/1.1 400 ");
    }
    awaitOnlyWholeFiles();
  }

  @Test
  void keepsNothingOfAFileWhoseSenderHasGone() throws Exception {
    try (var socket = connect()) {
      send(socket, "PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
      while (files().isEmpty()) {
        Thread.onSpinWait();
      }
    }
    awaitOnlyWholeFiles();
    assertThat(files()).isEmpty();
  }

  /** Unfinished files go after the answer, or without one. */
  private void awaitOnlyWholeFiles() throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(DEADLINE).toNanos();
    while (files().stream().anyMatch(file -> file.toString().endsWith(".part"))) {
      assertThat(System.nanoTime()).as("unfinished files stay").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void refusesOtherMethodsBeforeAnythingIsReceived() throws Exception {
    for (var start : List.of("POST /files/a", "PUT /upload")) {
      try (var socket = connect()) {
        send(socket, start + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
        assertThat(socket.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 405 ");
      }
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void showsItsPage() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var page = URI.create("http://127.0.0.1:" + port + "/");
      var request = HttpRequest.newBuilder(page).timeout(Duration.ofMillis(DEADLINE)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).body())
          .contains("enctype=\"multipart/form-data\"");
    }
  }

  @Test
  void servesByHTTPS() throws Exception {
    var options =
        Options.of("test")
            .serving(8888)
            .parse(
                new String[] {
                  "--port=0",
                  "--tls-cert=" + CERTIFICATES.resolve("server.pem"),
                  "--tls-key=" + CERTIFICATES.resolve("server-key.pem")
                });
    var listening = new CompletableFuture<Integer>();
    loop.addCallback(
        () -> listening.complete(options.listen(FileUpload.application(directory)).port()));
    var page = URI.create("https://localhost:" + listening.get(20, TimeUnit.SECONDS) + "/");
    try (var client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      var request = HttpRequest.newBuilder(page).timeout(Duration.ofMillis(DEADLINE)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("<form");
    }
  }

  private static SSLContext trusting() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var pem = Files.newInputStream(CERTIFICATES.resolve("ca.pem"))) {
      var authority = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      store.setCertificateEntry("ca", authority);
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /** In a process of its own, whose heap is much smaller. */
  @Test
  void takesLargeFilesInASmallHeap() throws Exception {
    int pieces = 3201;
    byte[] piece = new byte[1 << 16];
    byte[] near = ("\r\n--" + BOUNDARY.replace('e', 'f')).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(near, 0, piece, piece.length - near.length, near.length);
    long size = (long) pieces * piece.length;
    assertThat(size).isGreaterThan(200L << 20);
    try (var server = new ExampleProcess(FileUpload.class, 32, "--directory=" + directory);
        var client = HttpClient.newHttpClient()) {
      var base = "http://127.0.0.1:" + server.port;
      var head = part("big", "").substring(0, part("big", "").length() - 2);
      var tail = "\r\n--" + BOUNDARY + "--\r\n";
      var form =
          HttpRequest.newBuilder(URI.create(base + "/upload"))
              .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
              .timeout(Duration.ofSeconds(55)) // much has to be written to the disk
              .POST(
                  BodyPublishers.concat(
                      BodyPublishers.ofString(head),
                      BodyPublishers.ofByteArrays(Collections.nCopies(pieces, piece)),
                      BodyPublishers.ofString(tail)))
              .build();
      assertThat(client.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
    assertThat(files()).singleElement().satisfies(file -> assertThat(file).hasSize(size));
  }
}
