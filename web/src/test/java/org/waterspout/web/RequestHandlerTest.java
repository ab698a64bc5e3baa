// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPUtil;
import org.waterspout.log.Log;
import org.waterspout.routing.URLSpec;

/** What a handler reads and writes. */
class RequestHandlerTest extends HandlerTest {
  interface Body {
    void run(TestHandler handler) throws Exception;
  }

  /** Answers GET, HEAD and POST by a lambda. */
  static final class TestHandler extends RequestHandler {
    private final Body body;

    TestHandler(Body body) {
      this.body = body;
    }

    @Override
    protected void get() throws Exception {
      body.run(this);
    }

    @Override
    protected void head() throws Exception {
      body.run(this);
    }

    @Override
    protected void post() throws Exception {
      body.run(this);
    }
  }

  private static URLSpec at(String pattern, Body body) {
    return url(pattern, () -> new TestHandler(body));
  }

  // ---- output

  @Test
  void writesTextWithItsLengthAndTheUsualHeaders() throws Exception {
    var answer = get("/", at("/", h -> h.write("Grüße")));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.reason()).isEqualTo("OK");
    assertThat(answer.body()).isEqualTo("Grüße");
    assertThat(answer.header("Content-Length")).isEqualTo("7");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Server")).matches("Waterspout/[0-9].*");
    assertThat(answer.header("Date")).endsWith(" GMT");
    assertThat(answer.calls).containsExactly("headers", "write Grüße", "finish");
  }

  @Test
  void writesMapsAsJSON() throws Exception {
    var answer = get("/", at("/", h -> h.write(Map.of("a", List.of(1, "</b>")))));

    assertThat(answer.body()).isEqualTo("{\"a\":[1,\"<\\/b>\"]}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
  }

  @Test
  void sendsPiecesWhenFlushed() throws Exception {
    var answer =
        get(
            "/",
            at(
                "/",
                h -> {
                  h.write("a");
                  h.write("b");
                  h.flush().join();
                  h.write("c");
                  h.flush().join();
                  h.flush().join();
                }));

    assertThat(answer.calls).containsExactly("headers", "write ab", "write c", "finish");
    assertThat(answer.headers().contains("Content-Length")).isFalse();
  }

  @Test
  void setsHeadersOfEveryKind() throws Exception {
    var answer =
        get(
            "/",
            at(
                "/",
                h -> {
                  h.setStatus(201);
                  h.setHeader("X-Text", "a");
                  h.setHeader("X-Text", "b");
                  h.setHeader("X-Number", 7);
                  h.setHeader("X-Date", Instant.EPOCH);
                  h.addHeader("X-Many", "1");
                  h.addHeader("X-Many", "2");
                  h.clearHeader("Server");
                }));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("X-Text")).isEqualTo("b");
    assertThat(answer.header("X-Number")).isEqualTo("7");
    assertThat(answer.header("X-Date")).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    assertThat(answer.headers().getList("X-Many")).containsExactly("1", "2");
    assertThat(answer.headers().contains("Server")).isFalse();
  }

  @Test
  void refusesHeadersThatWouldSplitTheAnswer() throws Exception {
    try (var _ = new LogCapture(Log.APPLICATION)) {
      var answer = get("/", at("/", h -> h.redirect("/x\r\nSet-Cookie: a=b")));

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.headers().contains("Location")).isFalse();
      assertThat(answer.headers().contains("Set-Cookie")).isFalse();
    }
  }

  @Test
  void redirects() throws Exception {
    var found = get("/", at("/", h -> h.redirect("/a?b")));
    var permanent = get("/", at("/", h -> h.redirect("https://example.org/", 308)));

    assertThat(found.status()).isEqualTo(302);
    assertThat(found.header("Location")).isEqualTo("/a?b");
    assertThat(permanent.status()).isEqualTo(308);
  }

  @ParameterizedTest
  @CsvSource({"204", "304"})
  void sendsNothingAboutABodyWhereThereIsNone(int status) throws Exception {
    var answer = get("/", at("/", h -> h.setStatus(status)));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().contains("Content-Length")).isFalse();
    assertThat(answer.headers().contains("Content-Type")).isFalse();
  }

  @Test
  void setsCookiesOncePerName() throws Exception {
    var answer =
        get(
            "/",
            at(
                "/",
                h -> {
                  h.setCookie("a", "1");
                  h.setCookie("b", "2", CookieAttributes.DEFAULT.withHttpOnly());
                  h.setCookie("a", "3");
                }));

    assertThat(answer.headers().getList("Set-Cookie"))
        .containsExactly("a=3; Path=/", "b=2; Path=/; HttpOnly");
  }

  @Test
  void reversesNamedRoutesBelowTheContextPath() throws Exception {
    var answer =
        get(
            "/",
            at("/", h -> h.write(h.reverseUrl("post", "a b"))),
            at("/post/([^/]+)", _ -> {}).name("post"));

    assertThat(answer.body()).isEqualTo("/app/post/a%20b");
  }

  // ---- input

  @Test
  void decodesArgumentsAsTheHandlerSays() throws Exception {
    class Western extends RequestHandler {
      @Override
      protected void post() {
        write(pathArgument(0) + getArgument("q") + getBodyArgument("b") + events);
      }

      @Override
      protected String decodeArgument(byte[] value, @Nullable String name) {
        events.add(String.valueOf(name));
        return new String(value, StandardCharsets.ISO_8859_1);
      }
    }
    var rule = url("/(.*)", Western::new);

    assertThat(post("/%e4?q=%f6", "b=%fc", rule).body())
        .isEqualTo("\u00e4\u00f6\u00fc[null, q, b]");
  }

  @Test
  void readsTargetsInRawUTF8() throws Exception {
    var rule = at("/(?<a>.*)", h -> h.write(h.pathArgument("a") + h.getArgument("q")));

    assertThat(get("/\u00c3\u00a9?q=\u00c3\u00bc", rule).body()).isEqualTo("\u00e9\u00fc");
    assertThat(get("/\u00e9?q=1", rule).status()).isEqualTo(400);
  }

  // ---- methods

  @Test
  void answersFurtherMethodsThatItNames() throws Exception {
    class Dav extends TestMethods {
      @Override
      protected Set<String> otherMethods() {
        return Set.of("REPORT", "PROPFIND");
      }

      @Override
      protected void otherMethod(String method) {
        write("by " + method);
      }
    }
    var rule = url("/", Dav::new);
    var refused = request("LOCK", "/", "", rule);

    assertThat(request("PROPFIND", "/", "", rule).body()).isEqualTo("by PROPFIND");
    assertThat(request("REPORT", "/", "", rule).body()).isEqualTo("by REPORT");
    assertThat(request("GET", "/", "", rule).body()).isEqualTo("got");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("GET, PROPFIND, REPORT");
    assertThat(request("propfind", "/", "", rule).status()).isEqualTo(405);
    assertThat(events).containsExactly("prepared", "prepared", "prepared");
  }

  @ParameterizedTest
  @CsvSource({"PROPFIND", "get", "HEAD", "OPTIONS"})
  void refusesMethodsThatItDoesNotHave(String method) throws Exception {
    var refused = request(method, "/", "", url("/", TestMethods::new));

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("GET");
  }

  class TestMethods extends RequestHandler {
    @Override
    protected void prepare() {
      events.add("prepared");
    }

    @Override
    protected void get() {
      write("got");
    }
  }

  @ParameterizedTest
  @CsvSource({"/?a=%ff", "/?a=%", "/?a=%zz", "/?%ff=1&a=1"})
  void refusesMalformedArguments(String target) throws Exception {
    try (var _ = new LogCapture(Log.GENERAL)) {
      assertThat(get(target, at("/", h -> h.write(h.getArgument("a")))).status()).isEqualTo(400);
    }
  }

  @Test
  void doesNotMindMalformedArgumentsThatNobodyReads() throws Exception {
    assertThat(get("/?100%", at("/", h -> h.write("fine"))).body()).isEqualTo("fine");
  }

  @Test
  void refusesFormsThatItCannotRead() throws Exception {
    try (var log = new LogCapture(Log.GENERAL)) {
      assertThat(post("/", "a=%", at("/", _ -> {})).status()).isEqualTo(400);
      with("Content-Encoding", "gzip");
      assertThat(post("/", "a=1", at("/", _ -> {})).status()).isEqualTo(415);
      with("Content-Type", "text/plain");
      assertThat(request("POST", "/", "a=1", at("/", _ -> {})).status()).isEqualTo(400);
      assertThat(log.lines()).hasSize(3).allMatch(line -> line.startsWith("INFO 4"));
    }
  }

  @ParameterizedTest
  @CsvSource({"/%ff", "/%", "/%C3%28"})
  void refusesPathsThatAreNotText(String target) throws Exception {
    var answer = get(target, at("/(.*)", h -> h.write(h.pathArgument(0))));

    assertThat(answer.status()).isEqualTo(400);
  }

  private static final String A_YEAR_AGO =
      "; Expires=[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT; Path=";

  @Test
  void clearsCookies() throws Exception {
    var lasting = CookieAttributes.DEFAULT.withMaxAge(Duration.ofDays(1)).withPath("/x");
    var answer =
        get(
            "/",
            at(
                "/",
                h -> {
                  h.setCookie("a", "1");
                  h.clearCookie("a");
                  h.clearCookie("b", lasting.withDomain("example.org").withHttpOnly());
                }));

    var cookies = answer.headers().getList("Set-Cookie");
    assertThat(cookies).hasSize(2);
    assertThat(cookies.getFirst()).matches("a=" + A_YEAR_AGO + "/");
    assertThat(cookies.getLast()).matches("b=; Domain=example.org" + A_YEAR_AGO + "/x; HttpOnly");
    var expires = cookies.getFirst().replaceAll(".*Expires=|; Path.*", "");
    assertThat(HTTPUtil.parseTimestamp(expires))
        .isBetween(Instant.now().minus(Duration.ofDays(366)), Instant.now());
  }

  @Test
  void clearsAllCookiesThatTheClientSent() throws Exception {
    with("Cookie", "a=1; __Host-b=2; __Secure-c=3; bad name=4");
    var inSite = CookieAttributes.DEFAULT.withDomain("example.org");
    var answer = get("/", at("/", h -> h.clearAllCookies(inSite)));
    var cookies = answer.headers().getList("Set-Cookie");
    assertThat(cookies).hasSize(3);
    assertThat(cookies.get(0)).matches("a=; Domain=example.org" + A_YEAR_AGO + "/");
    assertThat(cookies.get(1)).matches("__Host-b=" + A_YEAR_AGO + "/; Secure");
    assertThat(cookies.get(2)).matches("__Secure-c=; Domain=.*; Secure");
    assertThat(get("/", at("/", h -> h.clearAllCookies())).headers().getList("Set-Cookie"))
        .hasSize(3);
  }

  @Test
  void readsCookies() throws Exception {
    with("Cookie", "a=1; b=2");
    var answer = get("/", at("/", h -> h.write(h.getCookie("a") + h.getCookie("c", "none"))));

    assertThat(answer.body()).isEqualTo("1none");
  }

  @Test
  void showsTheRequest() throws Exception {
    var answer =
        get(
            "/a%20b?c=d",
            at(
                "/.*",
                h -> {
                  var request = h.request();
                  h.write(
                      List.of(
                              request.method(),
                              request.uri(),
                              request.path(),
                              request.query(),
                              request.version(),
                              request.host(),
                              request.hostName(),
                              request.remoteIP(),
                              request.fullURL())
                          .toString());
                }));

    assertThat(answer.body())
        .isEqualTo(
            "[GET, /a%20b?c=d, /a%20b, c=d, HTTP/1.1, example.org, example.org, 192.0.2.7,"
                + " http://example.org/app/a%20b?c=d]");
  }

  // ---- misuse

  @Test
  void refusesToWriteAfterTheEnd() throws Exception {
    get(
        "/",
        at(
            "/",
            h -> {
              var _ = h.finish("done");
              assertThatThrownBy(() -> h.write("more")).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(h::finish).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(h::flush).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> h.setStatus(201)).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> h.setHeader("A", "b"))
                  .isInstanceOf(IllegalStateException.class);
              events.add("checked");
            }));

    assertThat(events).containsExactly("checked");
  }

  @Test
  void refusesToBeUsedOffTheLoop() throws Exception {
    get(
        "/",
        at(
            "/",
            h -> {
              var task =
                  new FutureTask<Void>(
                      () -> {
                        assertThatThrownBy(() -> h.write("x"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("RequestHandler.write")
                            .hasMessageContaining("addCallback");
                        return null;
                      });
              Thread.ofPlatform().start(task);
              task.get();
              events.add("checked");
            }));

    assertThat(events).containsExactly("checked");
  }

  @Test
  void doesNotKnowTheRequestInTheConstructor() {
    class Early extends RequestHandler {
      Early() {
        request();
      }
    }

    assertThatThrownBy(Early::new).hasMessageContaining("override prepare()");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "false", "7"})
  void requiresSettingsForAFeature(String mailHost) throws Exception {
    class Mailing extends RequestHandler {
      @Override
      protected void get() {
        write(requireSetting("mailHost", String.class, "mail"));
      }
    }
    var settings = Application.settings();
    if (!mailHost.equals("-")) {
      Object value = mailHost.equals("false") ? false : mailHost.equals("7") ? 7 : mailHost;
      settings.set("mailHost", value);
    }
    var rule = url("/", Mailing::new);
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(request(new Application(settings.build(), rule), "GET", "/", "").status())
          .isEqualTo(500);
      assertThat(log.thrown())
          .singleElement()
          .asString()
          .contains("mailHost", mailHost.equals("7") ? "java.lang.Integer" : "needed for mail");
    }
    settings.set("mailHost", "localhost");
    assertThat(request(new Application(settings.build(), rule), "GET", "/", "").body())
        .isEqualTo("localhost");
  }
}
