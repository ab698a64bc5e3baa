// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.OnMissingCapability;
import org.waterspout.web.RequestHandler;

/** The same as {@link ServletAdapterTest} where there is no servlet API. */
@ParameterizedClass
@EnumSource(NativeServer.Kind.class)
class NativeAdapterTest {
  private final TestHandlers handlers = new TestHandlers();
  @Parameter NativeServer.Kind kind;
  private NativeServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = kind.start(handlers.application());
    client = server.connect();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    assertThat(Threads.thatStay()).isEmpty();
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
  void readsAForm() throws Exception {
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
    assertThat(client.get("/echo/after").status()).isEqualTo(200);
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
    assertThat(answer.text()).contains("404: Not Found").doesNotContain("Jetty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fail", "/error"})
  void answersAFailedHandlerWithOurPage(String path) throws Exception {
    var answer = client.get(path);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).contains("500").doesNotContain("Jetty").doesNotContain("on purpose");
    assertThat(client.get("/echo/after").status()).isEqualTo(200);
  }

  @Test
  void keepsAnswersWaitingWithoutAThread() throws Exception {
    for (String path : List.of("/wait", "/callback")) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      var parked = handlers.parked.poll(20, TimeUnit.SECONDS);
      try (var other = server.connect()) {
        assertThat(other.get("/echo/x").status()).isEqualTo(200);
      }
      parked.complete("late");
      assertThat(client.answer().text()).isEqualTo("late");
    }
  }

  @Test
  void keepsAnswersWaitingLongerThanTheContainersIdleTimeout() throws Exception {
    try (var impatient = kind.startImpatient(Duration.ofMillis(200), handlers.application());
        var client = impatient.connect()) {
      client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
      var parked = handlers.parked.poll(20, TimeUnit.SECONDS);
      var loop = parked.loop();
      loop.addCallback(() -> loop.callLater(Duration.ofMillis(900), () -> parked.complete("late")));
      assertThat(client.answer().text()).isEqualTo("late");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/app, /app/echo/x, /echo/x",
    "/app, /app/, /",
    "/a/b, /a/b/echo/%C3%A9, /echo/%C3%A9",
    "/gr\u00fc\u00dfe, /gr%C3%BC%C3%9Fe/echo/x, /echo/x",
  })
  void routesMatchBelowThePrefix(String prefix, String target, String seen) throws Exception {
    try (var other = kind.startAt(prefix, handlers.application());
        var client = other.connect()) {
      assertThat(client.get(target).text()).isEqualTo("GET " + seen);
    }
  }

  @Test
  void linksBeginWithThePrefix() throws Exception {
    try (var other = kind.startAt("/gr\u00fc\u00dfe", handlers.application());
        var client = other.connect()) {
      assertThat(client.get("/gr%C3%BC%C3%9Fe/link").text()).isEqualTo("/gr%C3%BC%C3%9Fe/");
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
  void takesATargetInAbsoluteForm() throws Exception {
    client.send("GET http://here:80/echo/x?a=b HTTP/1.1\r\nHost: here:80\r\n\r\n");
    assertThat(client.answer().text()).isEqualTo("GET /echo/x?a=b");
  }

  @Test
  void refusesATargetForAnotherHost() throws Exception {
    client.send("GET http://there/echo/x HTTP/1.1\r\nHost: here\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n"})
  void refusesARequestWithoutOneHost(String hosts) throws Exception {
    client.send("GET /echo/x HTTP/1.1\r\n" + hosts + "\r\n");
    assertThat(client.answer().status()).isEqualTo(400);
  }

  @Test
  void refusesARequestWithTwoLengths() throws Exception {
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n");
    client.send("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(400);
  }

  @Test
  void servesOnALoopThatItIsGiven() throws Exception {
    var loop = new IOLoop();
    var thread = Thread.ofPlatform().name("the test's").start(loop::start);
    try (var other = kind.startOn(loop, handlers.application());
        var client = other.connect()) {
      client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
      var parked = handlers.parked.poll(20, TimeUnit.SECONDS);
      assertThat(parked.loop()).isSameAs(loop);
      parked.complete("late");
      assertThat(client.answer().text()).isEqualTo("late");
    }
    assertThat(loop.isRunning()).isTrue();
    loop.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    loop.close();
  }

  static final class Taking extends RequestHandler {
    @Override
    protected void get() {
      detach();
    }
  }

  @Test
  void refusesToStartWhatNeedsMoreThanItOffers() {
    var application = new Application(url("/taking", Taking::new));
    assertThatThrownBy(() -> kind.start(application))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Adapter cannot start: ")
        .hasMessageContaining("/taking")
        .hasMessageContaining("DETACH");
  }

  @Test
  void answersARouteThatNeedsMoreThanItOffersIfItMay() throws Exception {
    var settings = settings().onMissingCapability(OnMissingCapability.ROUTE).build();
    var application = new Application(settings, url("/taking", Taking::new));
    try (var other = kind.start(application);
        var client = other.connect()) {
      assertThat(client.get("/taking").status()).isEqualTo(501);
    }
  }

  @Test
  void refusesBodiesThatAreLargerThanTheOptionsSay() throws Exception {
    var options = AdapterOptions.defaults().withMaxBodySize(1000);
    try (var other = kind.start(new TestHandlers().application(), options)) {
      try (var client = other.connect()) {
        assertThat(client.post("/echo", new byte[1000]).status()).isEqualTo(200);
        assertThat(client.post("/echo", new byte[1001]).status()).isEqualTo(413);
      }
    }
  }

  @Test
  void waitsForABodyNoLongerThanTheOptionsSay() throws Exception {
    var options = AdapterOptions.defaults().withStallTimeout(Duration.ofMillis(200));
    try (var other = kind.start(new TestHandlers().application(), options);
        var client = other.connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
      assertThat(client.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void believesTheProxyWhereItIsToldTo() throws Exception {
    var options =
        AdapterOptions.defaults()
            .withXheaders(true)
            .withTrustedDownstream(Set.of("192.0.2.8", "192.0.2.6"));
    String request =
        "GET /headers HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-For: 192.0.2.9, 192.0.2.7, 192.0.2.8\r\n\r\n";
    try (var other = kind.start(new TestHandlers().application(), options);
        var client = other.connect()) {
      assertThat(client.send(request).answer().text()).isEqualTo("192.0.2.7 https x");
    }
    assertThat(client.send(request).answer().text()).isEqualTo("127.0.0.1 http x");
  }

  @Test
  void refusesOptionsThatItHasNoUseFor() {
    var defaults = AdapterOptions.defaults();
    for (var options : List.of(defaults.withMode(Mode.SYNC), defaults.withLoops(2))) {
      assertThatThrownBy(() -> kind.start(new TestHandlers().application(), options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("neither sync mode nor several loops");
    }
  }
}
