// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.web.Application;

@ParameterizedClass
@CsvSource({
  "JETTY, ASYNC",
  "JETTY, SYNC",
  "TOMCAT, ASYNC",
  "TOMCAT, SYNC",
  "UNDERTOW, ASYNC",
  "UNDERTOW, SYNC"
})
class ServletAdapterTest {
  @Parameter(0)
  private Container.Kind kind;

  @Parameter(1)
  private Mode mode;

  private final TestHandlers handlers = new TestHandlers();
  private Container container;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    container = kind.of(adapter(handlers.application())).start();
    client = container.connect();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    container.close();
  }

  @Test
  void answersRequestAfterRequestOnOneConnection() throws Exception {
    for (int i = 0; i < 20; i++) {
      var answer = client.get("/echo/" + i + "?q=%20");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("GET /echo/" + i + "?q=%20");
      assertThat(answer.header("Content-Length")).hasSize(1);
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    String get = "GET /echo/%d HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(get.formatted(1) + get.formatted(2) + get.formatted(3));
    for (int i = 1; i <= 3; i++) {
      assertThat(client.answer().text()).isEqualTo("GET /echo/" + i);
    }
  }

  @Test
  void collectsABody() throws Exception {
    assertThat(client.post("/echo", "grüße".getBytes(UTF_8)).text()).isEqualTo("grüße");
    assertThat(client.post("/echo", new byte[0]).text()).isEmpty();
  }

  @Test
  void collectsAChunkedBody() throws Exception {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("3\r\nabc\r\n").send("4\r\ndefg\r\n0\r\n\r\n");
    assertThat(client.answer().text()).isEqualTo("abcdefg");
    assertThat(client.get("/echo/next").text()).isEqualTo("GET /echo/next");
  }

  @Test
  void readsAFormThatAFilterHasNotTouched() throws Exception {
    client.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 3\r\n\r\na=1");
    assertThat(client.answer().text()).isEqualTo("a=1");
  }

  @Test
  void asksForABodyThatTheClientHoldsBack() throws Exception {
    client.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assertThat(client.head().getFirst()).startsWith("HTTP/1.1 100");
    assertThat(client.send("abc").answer().text()).isEqualTo("abc");
  }

  @Test
  void answersAnHTTP10Client() throws Exception {
    client.send("GET /echo/x HTTP/1.0\r\n\r\n");
    assertThat(client.answer().text()).isEqualTo("GET /echo/x");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    client.send("HEAD /echo/x HTTP/1.1\r\nHost: x\r\n\r\n");
    var answer = client.answer(true);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).containsExactly("12");
    assertThat(client.get("/echo/y").text()).isEqualTo("GET /echo/y");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304, 404, 418, 503})
  void sendsTheStatus(int status) throws Exception {
    assertThat(client.get("/status/" + status).status()).isEqualTo(status);
    assertServesOn(status == 503);
  }

  @Test
  void passesHeaderBytesBothWays() throws Exception {
    client.send("GET /headers HTTP/1.1\r\nHost: here:80\r\nX-There: Ä\u0101€\r\n\r\n");
    var answer = client.answer();
    String back = answer.header("X-Back").getFirst();
    assertThat(new String(back.getBytes(ISO_8859_1), UTF_8)).isEqualTo("Ä\u0101€");
    assertThat(answer.text()).isEqualTo("127.0.0.1 http here:80");
  }

  @Test
  void sendsEachHeaderOnceAndEachCookie() throws Exception {
    var answer = client.get("/headers");
    assertThat(answer.header("Server")).containsExactly("ours");
    assertThat(answer.header("Date")).hasSize(1);
    assertThat(answer.header("Content-Type")).hasSize(1);
    assertThat(answer.header("Set-Cookie")).hasSize(2);
  }

  @Test
  void answersAnUnknownPathWithOurPage() throws Exception {
    var answer = client.get("/nowhere");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("404: Not Found").doesNotContainIgnoringCase(kind.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fail", "/error"})
  void answersAFailedHandlerWithOurPage(String path) throws Exception {
    var answer = client.get(path);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text())
        .contains("500")
        .doesNotContainIgnoringCase(kind.name())
        .doesNotContain("on purpose");
    assertServesOn(true);
  }

  /** Tomcat closes a connection after some errors. */
  private void assertServesOn(boolean unlessTomcat) throws Exception {
    if (unlessTomcat && kind == Container.Kind.TOMCAT) {
      assertThat(client.closed()).isTrue();
    } else {
      assertThat(client.get("/echo/after").status()).isEqualTo(200);
    }
  }

  @Test
  void keepsAnswersWaitingWithoutAThread() throws Exception {
    for (String path : List.of("/wait", "/callback")) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      var parked = handlers.parked.poll(20, TimeUnit.SECONDS);
      try (var other = container.connect()) {
        assertThat(other.get("/echo/x").status()).isEqualTo(200);
      }
      parked.complete("late");
      assertThat(client.answer().text()).isEqualTo("late");
    }
  }

  @Test
  void keepsAnswersWaitingLongerThanTheContainersIdleTimeout() throws Exception {
    try (var impatient =
        kind.of(adapter(handlers.application())).withIdleTimeout(Duration.ofSeconds(1)).start()) {
      LoopFuture<String> parked = null;
      while (parked == null) { // again, if this machine took longer than that to send a request
        client.close();
        client = impatient.connect();
        client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        parked = handlers.parked.poll(3, TimeUnit.SECONDS);
      }
      var answer = parked;
      answer
          .loop()
          .addCallback(
              () ->
                  answer.loop().callLater(Duration.ofMillis(2500), () -> answer.complete("late")));
      assertThat(client.answer().text()).isEqualTo("late");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/app, /*, /app/echo/x, /echo/x",
    "/app, /*, /app/, /",
    "/app, /, /app/echo/x, /echo/x",
    "/app, /echo/*, /app/echo/x, /echo/x",
    "/, /echo/*, /echo/x, /echo/x",
    "/a/b, /*, /a/b/echo/%C3%A9, /echo/%C3%A9",
  })
  void routesMatchBelowTheContextPathWhateverTheMapping(
      String contextPath, String mapping, String target, String seen) throws Exception {
    try (var other = kind.at(contextPath, mapping, adapter(handlers.application())).start();
        var client = other.connect()) {
      assertThat(client.get(target).text()).isEqualTo("GET " + seen);
    }
  }

  @Test
  void linksBeginWithTheContextPath() throws Exception {
    try (var other = kind.at("/app", "/*", adapter(handlers.application())).start();
        var client = other.connect()) {
      assertThat(client.get("/app/link").text()).isEqualTo("/app/");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/echo/a;x=1/b",
        "/echo/./b",
        "/echo/../echo/b",
        "/echo/%2e%2e/echo/b",
        "/echo//b",
        "/echo/a%2Fb",
        "/echo/%E4"
      })
  void refusesPathsThatTheContainerReadsDifferently(String target) throws Exception {
    assertThat(client.get(target).status()).isEqualTo(400);
  }

  @Test
  void writesNoLineOfTheClientsIntoTheLog() throws Exception {
    try (var log = new CapturedLog()) {
      assertThat(client.get("/echo/a%0aforged;x").status()).isEqualTo(400);
      assertThat(log.text()).doesNotContain("\nforged");
    }
  }

  @Test
  void keepsWhatAFilterInFrontHasSet() throws Exception {
    class Cookies extends HttpFilter {
      @Override
      protected void doFilter(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        response.addHeader("Set-Cookie", "filter=1");
        response.addHeader("Vary", "Origin");
        chain.doFilter(request, response);
      }
    }
    try (var other =
            kind.of(adapter(handlers.application()))
                .withFilter("cookies", new Cookies(), true)
                .start();
        var client = other.connect()) {
      var answer = client.get("/headers");
      assertThat(answer.header("Set-Cookie")).hasSize(3);
      assertThat(answer.header("Vary")).contains("Origin");
    }
  }

  private ServletAdapter adapter(Application application) {
    return new ServletAdapter(application, AdapterOptions.defaults().withMode(mode));
  }
}
