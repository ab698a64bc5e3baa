// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.sleep;
import static org.waterspout.web.Application.url;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.web.StreamRequestBody;

/** Forms on a real server, as clients send them. */
class FormServerTest {
  private static final Path CURL = Path.of("/usr/bin/curl");
  private TestServer server;

  /**
   * Says what it has got: {@code name=value} for arguments, {@code name:filename=size} for files.
   */
  static final class Collecting extends RequestHandler {
    @Override
    protected void post() {
      request()
          .bodyArguments()
          .keySet()
          .forEach(
              name -> getBodyArguments(name).forEach(value -> write(name + "=" + value + "\n")));
      request()
          .files()
          .forEach(
              (name, files) ->
                  files.forEach(
                      file ->
                          write(name + ":" + file.filename() + "=" + file.body().length + "\n")));
    }
  }

  /** Says the same while it streams, and takes its time for each piece. */
  @StreamRequestBody
  static final class Streaming extends RequestHandler implements MultipartReader.Listener {
    private MultipartReader reader;
    private MultipartPart part;
    private final StringBuilder value = new StringBuilder();
    private int calls;

    @Override
    protected void prepare() {
      reader = new MultipartReader(request(), this);
    }

    @Override
    protected void dataReceived(byte[] chunk) throws Exception {
      reader.feed(chunk);
    }

    @Override
    public void partBegins(MultipartPart begun) {
      part = begun;
      value.setLength(0);
    }

    @Override
    public void partData(byte[] chunk) {
      assertThat(++calls).as("calls at a time").isEqualTo(1);
      await(sleep(Duration.ofNanos(1)));
      value.append(new String(chunk, StandardCharsets.ISO_8859_1));
      calls--;
    }

    @Override
    public void partEnds() {
      assertThat(calls).isZero();
      byte[] bytes = value.toString().getBytes(StandardCharsets.ISO_8859_1);
      String text = new String(bytes, StandardCharsets.UTF_8);
      boolean file = part.filename() != null && !part.filename().isEmpty();
      String result = file ? ":" + part.filename() + "=" + bytes.length : "=" + text;
      write(part.name() + result + "\n");
    }

    @Override
    protected void post() {
      reader.finish();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        new TestServer(new Application(url("/", Collecting::new), url("/stream", Streaming::new)));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static byte[] request(String path, String boundary, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary="
            + boundary
            + "\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** A form with a text, a file and a choice of no file. */
  private static String form(String delimiter) {
    return delimiter
        + "\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nGr\u00fc\u00dfe\r\n"
        + delimiter
        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\u20ac%22.txt\"\r\n"
        + "Content-Type: text/plain\r\n\r\n1234\r\n"
        + delimiter
        + "\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n\r\n"
        + delimiter
        + "--\r\n";
  }

  private static final String[] FOUND = {"text=Gr\u00fc\u00dfe", "file:\u20ac%22.txt=4", "none="};

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stream"})
  void readsTheFormsOfBrowsers(String path) throws Exception {
    for (String boundary :
        new String[] {
          "----WebKitFormBoundarypvHqMNBTKwpBDtpK",
          "---------------------------41184676334150",
          "----geckoformboundary5b5fd4d4c1f1"
        }) {
      try (var client = server.connect()) {
        var answer = client.send(request(path, boundary, form("--" + boundary))).read();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8).lines())
            .containsExactlyInAnyOrder(FOUND);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stream"})
  void readsAFormThatComesByteByByte(String path) throws Exception {
    try (var client = server.connect()) {
      for (byte b : request(path, "x", form("--x"))) {
        client.send(new byte[] {b});
      }
      assertThat(new String(client.read().body(), StandardCharsets.UTF_8).lines())
          .containsExactlyInAnyOrder(FOUND);
    }
  }

  /** .NET names a file twice, and quotes its boundary. */
  @Test
  void readsTheFormsOfDotNet() throws Exception {
    String body =
        "--9ca64eb4\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Disposition: form-data; name=text\r\n\r\nx\r\n"
            + "--9ca64eb4\r\nContent-Disposition: form-data; name=file;"
            + " filename=\"=?utf-8?B?w6QudHh0?=\"; filename*=utf-8''%C3%A4.txt\r\n\r\nyz\r\n"
            + "--9ca64eb4--\r\n";
    try (var client = server.connect()) {
      var answer = client.send(request("/", "\"9ca64eb4\"", body)).read();

      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .isEqualTo("text=x\nfile:\u00e4.txt=2\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stream"})
  void readsTheFormsOfTheJDKsClientInChunks(String path) throws Exception {
    byte[] large = new byte[1 << 20];
    var publisher =
        HttpRequest.BodyPublishers.concat(
            HttpRequest.BodyPublishers.ofString(
                "--x\r\nContent-Disposition: form-data; name=f; filename=g\r\n\r\n"),
            HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)),
            HttpRequest.BodyPublishers.ofString("\r\n--x--"));
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server.port() + path))
              .header("Content-Type", "multipart/form-data;boundary=x")
              .timeout(Duration.ofSeconds(20))
              .POST(publisher)
              .build();

      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("f:g=1048576\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stream"})
  void readsTheFormsOfCurl(String path, @TempDir Path directory) throws Exception {
    assumeTrue(Files.isExecutable(CURL), "curl is there");
    var file = Files.write(directory.resolve("f"), new byte[100_000]);
    var curl =
        new ProcessBuilder(
                CURL.toString(),
                "-sS",
                "--max-time",
                "20",
                "-F",
                "text=a;b",
                "-F",
                "file=@" + file + ";filename=\"a\\\"b;c.bin\"",
                "http://127.0.0.1:" + server.server.port() + path)
            .redirectErrorStream(true)
            .start();
    String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
    // curl 7.81 began to write quotes as browsers do
    assertThat(output).matches("text=a\nfile:a(\"|%22)b;c.bin=100000\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stream"})
  void refusesMalformedFormsWith400(String path) throws Exception {
    String good = form("--x");
    for (String bad :
        new String[] {
          good.substring(0, good.length() - 4), good.replace("name=\"none\"; ", ""), good + "--x--"
        }) {
      try (var client = server.connect()) {
        assertThat(client.send(request(path, "x", bad)).read().status()).isEqualTo(400);
      }
    }
  }
}
