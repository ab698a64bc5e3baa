// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl, if it is installed. */
class CurlTest extends ClientContract {
  private static final boolean INSTALLED = isInstalled();

  @TempDir Path folder;

  /** What a run of curl has left. */
  private record Run(int status, byte[] out, String errors) {
    String text() {
      return new String(out, ISO_8859_1);
    }
  }

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder("curl", "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @Override
  void startClient() {
    assumeTrue(INSTALLED, "curl is installed");
  }

  @Override
  void stopClient() {}

  @Override
  int parallel() {
    return 8; // processes
  }

  private Run curl(String... arguments) throws Exception {
    return curl(List.of(arguments));
  }

  private Run curl(List<String> arguments) throws Exception {
    var command = new ArrayList<>(List.of("curl", "-q", "-sS", "--noproxy", "*", "-m", "50"));
    command.addAll(arguments);
    Path errors = Files.createTempFile(folder, "errors", "");
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try {
      process.getOutputStream().close();
      byte[] out = process.getInputStream().readAllBytes();
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
      return new Run(process.exitValue(), out, Files.readString(errors, ISO_8859_1));
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  Answer send(Ask ask) throws Exception {
    Path headers = Files.createTempFile(folder, "headers", "");
    var arguments = new ArrayList<>(List.of("-L", "-D", headers.toString()));
    if (ask.method().equals("HEAD")) {
      arguments.add("--head");
      arguments.addAll(List.of("-o", "/dev/null"));
    } else {
      arguments.addAll(List.of("-X", ask.method()));
    }
    if (ask.size() >= 0) {
      Path body = Files.createTempFile(folder, "body", "");
      Files.write(body, ClientAnswers.pattern(ask.size()));
      arguments.addAll(List.of("--data-binary", "@" + body));
      arguments.addAll(List.of("-H", ask.expectContinue() ? "Expect: 100-continue" : "Expect:"));
      if (!ask.announced()) {
        arguments.addAll(List.of("-H", "Transfer-Encoding: chunked"));
      }
    }
    arguments.add(ask.url());
    var run = curl(arguments);
    if (run.status() != 0) {
      throw new IOException("curl has ended with " + run.status() + ": " + run.errors());
    }
    return answer(Files.readString(headers, ISO_8859_1), run.out());
  }

  /** Of the last of the heads that curl has written down, which trailers may follow. */
  private static Answer answer(String heads, byte[] body) {
    int last = heads.lastIndexOf("HTTP/1.1 ");
    int status = Integer.parseInt(heads.substring(last + 9, last + 12));
    Map<String, String> headers = new LinkedHashMap<>();
    heads
        .substring(last)
        .lines()
        .skip(1)
        .filter(line -> line.contains(": "))
        .forEach(line -> headers.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
    return Answer.of(status, headers, body);
  }

  @Test
  void keepsItsConnection() throws Exception {
    try (var server = serve()) {
      var run =
          curl(
              url(server, "/length/5"),
              url(server, "/chunks/5"),
              url(server, "/status/204"),
              url(server, "/length/5"),
              "-w",
              "%{num_connects}");
      assertThat(run.text()).endsWith("0").contains("1").doesNotContain("2");
      assertThat(answers.connections()).isEqualTo(1);
    }
  }

  @Test
  void showsEarlyHintsAndTrailers() throws Exception {
    try (var server = serve()) {
      assertThat(curl("-i", url(server, "/hints")).text())
          .startsWith("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n")
          .contains("\r\n\r\nHTTP/1.1 200 OK\r\n")
          .endsWith("\r\n\r\nbehind the hints");
      assertThat(curl("-i", url(server, "/trailers")).text()).contains("X-Sum: 8");
    }
  }

  @Test
  void tellsAWholeAnswerFromOneThatIsCut() throws Exception {
    try (var server = serve()) {
      assertThat(curl("--http1.0", url(server, "/chunks/100000")).out())
          .isEqualTo(ClientAnswers.pattern(100_000));
      assertThat(curl("--http1.0", url(server, "/cut/chunks")).status()).isEqualTo(56); // a reset
      assertThat(curl(url(server, "/cut/chunks")).status()).isIn(18, 56);
      assertThat(curl(url(server, "/cut/length")).status()).isIn(18, 56);
      assertThat(curl(url(server, "/cut/before")).status()).isIn(52, 56);
    }
  }

  @Test
  void asksInTheFormsForProxiesAndForTheServerItself() throws Exception {
    try (var server = new TestServer(HTTPServerTest::echo)) {
      String proxy = "http://127.0.0.1:" + server.server.port();
      assertThat(curl("--noproxy", "", "-x", proxy, "http://a.example/b?c").text())
          .isEqualTo("GET http://a.example/b?c ");
      assertThat(curl("-X", "OPTIONS", "--request-target", "*", url(server, "/")).text())
          .isEqualTo("OPTIONS * ");
    }
  }

  @Test
  void isAnsweredByHTTP11ThoughItOffersHTTP2() throws Exception {
    try (var server = serve()) {
      var run = curl("--http2", "-w", "%{http_version}", url(server, "/here"));
      assertThat(run.text()).isEqualTo("here1.1");
      assertThat(curl("--http2-prior-knowledge", url(server, "/here")).status()).isNotZero();
      assertThat(curl(url(server, "/here")).text()).isEqualTo("here");
    }
  }

  @Test
  void showsItsCertificate() throws Exception {
    var ssl = TestTLS.server().trust(TestTLS.authority()).wantClientCertificate().build();
    try (var server = serve(HTTPServerOptions.builder().ssl(ssl))) {
      String url = "https://localhost:" + server.server.port() + "/certificate";
      String authority = TestTLS.authority().toString();
      String own = TestTLS.authority().resolveSibling("client.p12") + ":secret";
      assertThat(curl("--cacert", authority, url).text()).isEqualTo("none");
      assertThat(curl("--cacert", authority, "--cert-type", "P12", "--cert", own, url).text())
          .contains("CN=");
      assertThat(curl(url).status()).as("an unknown authority").isEqualTo(60);
    }
  }
}
