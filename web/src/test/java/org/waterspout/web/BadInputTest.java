// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * Requests that nobody should send, over a real socket: a status and a line of the log for each.
 */
class BadInputTest {
  private final IOLoop loop = new IOLoop();
  private LogCapture general;
  private LogCapture application;
  private LogCapture access;
  private Thread runner;
  private HTTPServer server;

  static class Reading extends RequestHandler {
    @Override
    protected void get() {
      write(pathArgument(0) + getArgument("a", "") + getArgument("n", Integer::valueOf, 0));
    }

    @Override
    protected void post() {
      write(getBodyArgument("a") + getBodyArgument("b", "") + request().files());
    }
  }

  @BeforeEach
  void serve() {
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
    var options = HTTPServerOptions.builder().maxBodySize(20_000).build();
    var app =
        new Application(
            url("/read/(.*)", Reading::new), url("/old/(.*)", () -> new RedirectHandler("/{0}")));
    server = app.listen(0, "127.0.0.1", options);
    general = new LogCapture(Log.GENERAL);
    application = new LogCapture(Log.APPLICATION);
    access = new LogCapture(Log.ACCESS);
  }

  @AfterEach
  void end() throws Exception {
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    general.close();
    application.close();
    access.close();
  }

  /** The first line of the answer to a request, once all about it has been logged. */
  private String answer(String request) throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      var logged = new CompletableFuture<Void>();
      loop.addCallback(() -> logged.complete(null));
      logged.get(20, TimeUnit.SECONDS);
      return all.lines().findFirst().orElse("nothing");
    }
  }

  private String get(String target) throws Exception {
    return answer("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  /** No handler has seen it: the connection itself says so, in a line of visible characters. */
  private void assertRefusedByTheConnection(String answer, int status) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(general.lines())
        .singleElement()
        .asString()
        .startsWith("INFO ")
        .contains(" refused with " + status + ": ")
        .matches("[ -~]+");
    assertThat(access.lines()).isEmpty();
    assertThat(application.lines()).isEmpty();
  }

  /** A handler's error: the reason in one log, the request in the other. */
  private void assertRefusedByTheHandler(String answer, int status, String reason) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(general.lines())
        .singleElement()
        .asString()
        .contains(" " + status + " ", reason)
        .matches("[ -~]+");
    assertThat(access.lines())
        .singleElement()
        .asString()
        .startsWith("WARNING " + status + " ")
        .matches("[ -~]+");
    assertThat(application.lines()).isEmpty();
  }

  // ---- targets

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/read/\377",
        "/read/\303\251",
        "/read/x#y",
        "/read/\0",
        "/read/\t",
        "/read/\033[31m",
        "/read/\177",
        "/read/a b",
        "read/x",
        "../read/x",
        "*",
        "http://",
        "http:///read/x",
        "http://a@b/read/x",
        "http://a b/",
        "ftp://x/read/x",
        ""
      })
  void refusesTargetsThatAreNone(String target) throws Exception {
    assertRefusedByTheConnection(get(target), 400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/read/%ff UTF-8",
        "/read/%C0%AF UTF-8",
        "/read/%ed%a0%80 UTF-8",
        "/read/% Malformed",
        "/read/%4 Malformed",
        "/read/%zz Malformed",
        "/read/%u0041 Malformed",
        "/read/x?a=%ff UTF-8",
        "/read/x?a=% percent",
        "/read/x?%ff=1 arguments",
      })
  void refusesTargetsThatAreNotText(String target, String reason) throws Exception {
    assertRefusedByTheHandler(get(target), 400, reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/old//evil.example", "/old//evil.example/%2e%2e"})
  void leadsNobodyToAnotherHost(String target) throws Exception {
    assertRefusedByTheHandler(get(target), 404, "to another host");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"BREW 405", "get 405", "PATCH 405", "TRACE 405", "DELETE 405"})
  void refusesMethodsThatNobodyAnswers(String method, int status) throws Exception {
    var answer = answer(method + " /read/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(general.lines()).isEmpty();
    assertThat(access.lines()).singleElement().asString().startsWith("WARNING " + status);
  }

  // ---- heads

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Host: a\r\nHost: b",
        "Host: a b",
        "Host: a/b",
        "Host: a\0b",
        "Host: <script>",
        "Host: a:b",
        "Host: user@a",
        "Host: [::1",
        "Host: \303\251",
        "Host: x\r\nX Y: z",
        "Host: x\r\nX: a\0",
        "Host: x\r\nX: a\r\n b",
        "Host: x\r\nX: a\rb",
        "Host: x\r\nCookie: a=\001",
        "Host: x\r\n: y",
        "Host: x\r\nContent-Length: 1\r\nContent-Length: 2",
        "Host: x\r\nContent-Length: +1",
        "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1"
      })
  void refusesHeadsThatCouldBeReadInTwoWays(String head) throws Exception {
    var answer = answer("GET /read/x HTTP/1.1\r\n" + head + "\r\nConnection: close\r\n\r\n");

    assertRefusedByTheConnection(answer, 400);
  }

  // ---- bodies

  private String post(String type, String body) throws Exception {
    return answer(
        "POST /read/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-www-form-urlencoded|a=%|percent",
        "application/x-www-form-urlencoded|a=%ff|UTF-8",
        "application/x-www-form-urlencoded|b=1|Missing argument a",
        "text/plain|a=1|Missing argument a",
        "multipart/form-data|a=1|boundary",
        "multipart/form-data; boundary=x|a=1|final boundary",
      })
  void refusesBodiesThatAreNoForms(String type, String body, String reason) throws Exception {
    assertRefusedByTheHandler(post(type, body), 400, reason);
  }

  @Test
  void refusesFormsOfTooManyParts() throws Exception {
    String part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    var answer = post("multipart/form-data; boundary=x", part.repeat(101) + "--x--\r\n");

    assertRefusedByTheHandler(answer, 400, "more than 100 parts");
  }

  @Test
  void refusesFormsWithPartsOfLargeHeads() throws Exception {
    String head = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ";
    var body = head + "x".repeat(10 * 1024) + "\r\n\r\n1\r\n--x--\r\n";

    assertRefusedByTheHandler(
        post("multipart/form-data; boundary=x", body), 400, "headers of a part");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", "multipart/form-data; boundary=x"})
  void refusesBodiesThatAreTooLarge(String type) throws Exception {
    assertRefusedByTheConnection(post(type, "x".repeat(20_001)), 413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "99999999999", "0x10", ""})
  void keepsWhatDoesNotParseOutOfTheReason(String value) throws Exception {
    var answer = get("/read/x?n=" + value);

    assertRefusedByTheHandler(answer, 400, "Argument n: java.lang.NumberFormatException");
    assertThat(general.lines().getFirst()).endsWith("NumberFormatException");
  }
}
