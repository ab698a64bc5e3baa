// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.escape.Escape;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** Requests that pages of other sites make a browser send. */
class XSRFTest extends HandlerTest {
  private static final String WHO = "WARNING 403 POST / (192.0.2.7): the argument _xsrf ";
  private static final String MISSING = WHO + "is missing";
  private static final String MALFORMED = WHO + "is malformed";
  private static final String MISMATCH = WHO + "does not match the cookie";

  private LogCapture log;

  @BeforeEach
  void captureLog() {
    log = new LogCapture(Log.GENERAL);
  }

  @AfterEach
  void releaseLog() {
    log.close();
  }

  /** What is said of requests. */
  private List<String> lines() {
    return log.lines().stream().filter(line -> line.contains("(192.0.2.7)")).toList();
  }

  private class Page extends Traced {
    @Override
    protected void get() throws Exception {
      write(xsrfToken());
    }

    @Override
    protected void post() throws Exception {
      write("posted");
    }

    @Override
    protected void put() throws Exception {
      post();
    }

    @Override
    protected void options() throws Exception {
      post();
    }

    @Override
    protected void head() throws Exception {}
  }

  private static Settings checked() {
    return settings().xsrfCookies(true).build();
  }

  private FakeConnection send(Settings settings, String method, String target, String form)
      throws Exception {
    return send(settings, url(".*", Page::new), method, target, form);
  }

  /** The headers are for this request only. */
  private FakeConnection send(
      Settings settings, Rule rule, String method, String target, String form) throws Exception {
    if (!form.isEmpty()) {
      with("Content-Type", "application/x-www-form-urlencoded");
    }
    var answer = request(new Application(settings, rule), method, target, form);
    withoutHeaders();
    return answer;
  }

  private FakeConnection page(Settings settings) throws Exception {
    return send(settings, "GET", "/", "");
  }

  private FakeConnection post(String cookie, String token) throws Exception {
    with("Cookie", "_xsrf=" + cookie);
    return send(checked(), "POST", "/", token.isEmpty() ? "" : "_xsrf=" + Escape.urlEscape(token));
  }

  private String token() throws Exception {
    return page(checked()).body();
  }

  @Test
  void aPageSetsTheCookieAndShowsTheToken() throws Exception {
    var page = page(checked());

    assertThat(page.body()).matches("2\\|[0-9a-f]{8}\\|[0-9a-f]{32}\\|[0-9]+");
    assertThat(page.header("Set-Cookie"))
        .isEqualTo("_xsrf=" + page.body() + "; Path=/; SameSite=Lax");
  }

  @Test
  void aCookieThatIsThereIsNotSetAgain() throws Exception {
    String token = token();
    with("Cookie", "_xsrf=" + token);
    var again = page(checked());

    assertThat(again.header("Set-Cookie")).isNull();
    assertThat(again.body()).as("its mask is another").isNotEqualTo(token);
    assertThat(XSRFToken.parse(again.body()).matches(XSRFToken.parse(token))).isTrue();
  }

  @Test
  void aCookieThatNobodyCanReadIsReplaced() throws Exception {
    with("Cookie", "_xsrf=3|");

    assertThat(page(checked()).header("Set-Cookie")).startsWith("_xsrf=2|");
  }

  @Test
  void theTokenStaysTheSameWithinAnAnswer() throws Exception {
    class Twice extends RequestHandler {
      @Override
      protected void get() {
        write(xsrfFormHtml() + "\n" + xsrfToken());
      }
    }
    var page = send(checked(), url("/", Twice::new), "GET", "/", "");
    String token = page.body().lines().toList().getLast();

    assertThat(page.body())
        .isEqualTo("<input type=\"hidden\" name=\"_xsrf\" value=\"" + token + "\">\n" + token);
    assertThat(page.headers().getList("Set-Cookie")).hasSize(1);
  }

  @Test
  void theCookieLivesLongerForAUserAndOnlyForHim() throws Exception {
    class Welcome extends RequestHandler {
      @Override
      protected Object getCurrentUser() {
        return getCookie("user");
      }

      @Override
      protected void get() {
        write(xsrfToken());
      }
    }
    var settings = checked();
    var rule = url("/", Welcome::new);
    with("Cookie", "user=me");

    assertThat(send(settings, rule, "GET", "/", "").header("Set-Cookie"))
        .endsWith("; Max-Age=2592000; Path=/; SameSite=Lax");
    assertThat(send(settings, rule, "GET", "/", "").header("Set-Cookie"))
        .as("the next one is nobody")
        .endsWith("; Path=/; SameSite=Lax")
        .doesNotContain("Max-Age");

    var timed =
        settings()
            .xsrfCookieAttributes(CookieAttributes.DEFAULT.withMaxAge(Duration.ofDays(2)))
            .build();
    with("Cookie", "user=me");
    assertThat(send(timed, rule, "GET", "/", "").header("Set-Cookie"))
        .endsWith("; Max-Age=172800; Path=/");
  }

  @Test
  void theCookieIsAsTheSettingsSay() throws Exception {
    var settings =
        settings()
            .xsrfCookies(true)
            .xsrfCookieName("__Host-xsrf")
            .xsrfCookieVersion(1)
            .xsrfCookieAttributes(CookieAttributes.DEFAULT.withSecure().withHttpOnly())
            .build();
    var page = page(settings);
    String token = page.body();

    assertThat(token).matches("[0-9a-f]{32}");
    assertThat(page.header("Set-Cookie"))
        .isEqualTo("__Host-xsrf=" + token + "; Path=/; Secure; HttpOnly");
    with("Cookie", "__Host-xsrf=" + token);
    assertThat(send(settings, "POST", "/", "_xsrf=" + token).body())
        .as("the argument's name stays")
        .isEqualTo("posted");
    with("Cookie", "_xsrf=" + token);
    assertThat(send(settings, "POST", "/", "_xsrf=" + token).status()).isEqualTo(403);
    with("Cookie", "__Host-xsrf=" + token);
    assertThat(send(settings, "POST", "/", "__Host-xsrf=" + token).status()).isEqualTo(403);
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    for (var refused :
        new Settings.Builder[] {
          settings().xsrfCookieVersion(0),
          settings().xsrfCookieVersion(3),
          settings().xsrfCookieName("a b"),
          settings().xsrfCookieName("__Host-xsrf")
        }) {
      assertThatIllegalArgumentException().isThrownBy(refused::build);
    }
  }

  @Test
  void acceptsTheTokenOfTheCookieInForms() throws Exception {
    String token = token();

    assertThat(post(token, token).body()).isEqualTo("posted");
    assertThat(post("deadbeef", "deadbeef").body()).isEqualTo("posted");
    assertThat(post("xoxo", "xoxo").body()).isEqualTo("posted");
    assertThat(lines()).isEmpty();
  }

  @Test
  void acceptsEveryTokenThatTheClientWasGiven() throws Exception {
    String first = token();
    with("Cookie", "_xsrf=" + first);
    String second = page(checked()).body();
    String version1 = XSRFToken.parse(first).encode(1);

    for (String cookie : List.of(first, second, version1)) {
      for (String token : List.of(first, second, version1)) {
        assertThat(post(cookie, token).body()).isEqualTo("posted");
      }
    }
  }

  @Test
  void acceptsTheTokenFromTheQuery() throws Exception {
    String token = token();
    with("Cookie", "_xsrf=" + token);

    assertThat(send(checked(), "POST", "/?_xsrf=" + Escape.urlEscape(token), "").body())
        .isEqualTo("posted");
  }

  @Test
  void acceptsTheTokenFromAPartOfAForm() throws Exception {
    String token = token();
    with("Cookie", "_xsrf=" + token).with("Content-Type", "multipart/form-data; boundary=b");
    String part = "--b\r\nContent-Disposition: form-data; name=\"_xsrf\"\r\n\r\n";
    var application = new Application(checked(), url("/", Page::new));

    assertThat(request(application, "POST", "/", part + token + "\r\n--b--\r\n").body())
        .isEqualTo("posted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-XSRFToken", "X-Xsrftoken", "X-CSRFToken", "x-csrftoken"})
  void acceptsTheTokenFromAHeader(String header) throws Exception {
    String token = token();
    with("Cookie", "_xsrf=" + token).with(header, token);

    assertThat(send(checked(), "POST", "/", "").body()).isEqualTo("posted");
    with("Cookie", "_xsrf=" + token).with(header, token);
    assertThat(send(checked(), "POST", "/", "_xsrf=").body())
        .as("an argument without a value is none")
        .isEqualTo("posted");
  }

  @Test
  void theArgumentCountsBeforeTheHeader() throws Exception {
    String token = token();
    with("Cookie", "_xsrf=" + token).with("X-XSRFToken", token);

    assertThat(send(checked(), "POST", "/", "_xsrf=other").status()).isEqualTo(403);
    with("Cookie", "_xsrf=" + token).with("X-XSRFToken", token).with("X-XSRFToken", "other");
    assertThat(send(checked(), "POST", "/", "").status()).as("two headers").isEqualTo(403);
  }

  @Test
  void refusesARequestWithoutAToken() throws Exception {
    assertThat(post(token(), "").status()).isEqualTo(403);
    with("X-Requested-With", "XMLHttpRequest").with("Cookie", "_xsrf=" + token());
    assertThat(send(checked(), "POST", "/", "").status()).isEqualTo(403);

    assertThat(lines()).containsExactly(MISSING, MISSING);
  }

  @Test
  void refusesATokenThatNobodyCanRead() throws Exception {
    assertThat(post(token(), "3|").status()).isEqualTo(403);
    assertThat(post("3|", "3|").status()).isEqualTo(403);
    assertThat(post("2|00000000||1", "2|00000000||1").status()).as("an empty one").isEqualTo(403);

    assertThat(lines()).containsExactly(MALFORMED, MALFORMED, MALFORMED);
  }

  @Test
  void refusesATokenThatIsNotThatOfTheCookie() throws Exception {
    String token = token();

    assertThat(post(token(), token).status()).isEqualTo(403);
    assertThat(post("3|", token).status()).as("a cookie that counts as absent").isEqualTo(403);
    assertThat(post("", token).status()).isEqualTo(403);
    assertThat(send(checked(), "POST", "/", "_xsrf=" + Escape.urlEscape(token)).status())
        .as("no cookie")
        .isEqualTo(403);

    assertThat(lines()).containsExactly(MISMATCH, MISMATCH, MISMATCH, MISMATCH);
  }

  @Test
  void aRefusedRequestReachesNoMethodOfTheHandler() throws Exception {
    String token = token();
    events.clear();
    var answer = post(token, "forged");

    assertThat(answer.body()).contains("403: Forbidden").doesNotContain("_xsrf");
    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(events).containsExactly("setDefaultHeaders", "setDefaultHeaders", "onFinish 403");
  }

  @Test
  void anArgumentThatIsNoTextIsRefused() throws Exception {
    with("Cookie", "_xsrf=a");

    assertThat(send(checked(), "POST", "/", "_xsrf=%ff").status()).isEqualTo(400);
    assertThat(lines()).containsExactly("WARNING 400 POST / (192.0.2.7): Invalid UTF-8 in _xsrf");
  }

  @Test
  void whatTheLogSaysIsOneLine() throws Exception {
    with("Cookie", "_xsrf=a");
    send(checked(), "POST", "/?a=%0A\u001b[31m", "_xsrf=%0d%0aforged: line");

    assertThat(lines())
        .singleElement()
        .asString()
        .doesNotContain("\n", "\r", "\u001b")
        .endsWith("does not match the cookie");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  void whatOnlyAsksNeedsNoToken(String method) throws Exception {
    assertThat(send(checked(), method, "/", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void everythingElseNeedsOne(String method) throws Exception {
    assertThat(send(checked(), method, "/", "").status()).isEqualTo(403);
  }

  @Test
  void nothingIsCheckedUnlessTheSettingsSaySo() throws Exception {
    assertThat(send(settings().build(), "POST", "/", "a=b").body()).isEqualTo("posted");
    assertThat(page(settings().build()).header("Set-Cookie")).startsWith("_xsrf=");
  }

  @Test
  void aHandlerCanDoWithout() throws Exception {
    class Hook extends Page {
      @Override
      protected void checkXsrfCookie() {}
    }

    assertThat(send(checked(), url("/", Hook::new), "POST", "/", "a=b").body()).isEqualTo("posted");
  }

  @Test
  void whatHasNoRouteIsNotFoundRatherThanForged() throws Exception {
    var rule = url("/other", Page::new);

    assertThat(send(checked(), rule, "POST", "/", "a=b").status()).isEqualTo(404);
    assertThat(send(checked(), rule, "BREW", "/other", "").status()).isEqualTo(405);
  }

  @Test
  void aCookieCannotBeSetBehindTheHeaders() throws Exception {
    class Late extends RequestHandler {
      @Override
      protected void get() {
        write("a");
        await(flush());
        write(xsrfToken());
      }
    }
    try (var errors = new LogCapture(Log.APPLICATION)) {
      var answer = send(checked(), url("/", Late::new), "GET", "/", "");

      assertThat(answer.calls).containsExactly("headers", "write a", "abort");
      assertThat(errors.thrown()).singleElement().isInstanceOf(IllegalStateException.class);
    }
    class Known extends Late {}
    with("Cookie", "_xsrf=" + token());
    assertThat(send(checked(), url("/", Known::new), "GET", "/", "").body()).startsWith("a2|");
  }

  @StreamRequestBody
  private class Upload extends Page {
    @Override
    protected void dataReceived(byte[] chunk) {
      events.add(new String(chunk, StandardCharsets.UTF_8));
    }
  }

  @Test
  void aStreamedBodyNeedsTheTokenInFrontOfIt() throws Exception {
    String token = token();
    var rule = url("/", Upload::new);
    events.clear();
    String form = "_xsrf=" + Escape.urlEscape(token);

    with("Cookie", "_xsrf=" + token);
    assertThat(send(checked(), rule, "POST", "/", form).status()).isEqualTo(403);
    assertThat(events).doesNotContain(form, "prepare");
    with("Cookie", "_xsrf=" + token).with("X-XSRFToken", token);
    assertThat(send(checked(), rule, "POST", "/", form).body()).isEqualTo("posted");
    assertThat(events).containsSubsequence("prepare", form, "onFinish 200");
    with("Cookie", "_xsrf=" + token);
    assertThat(send(checked(), rule, "POST", "/?" + form, "a=b").body()).isEqualTo("posted");
    assertThat(lines()).containsExactly(MISSING);
  }

  @Test
  void aStreamedFormIsNotReadForTheToken() throws Exception {
    with("Content-Type", "multipart/form-data; boundary=b").with("Cookie", "_xsrf=a");
    var application = new Application(checked(), url("/", Upload::new));

    assertThat(request(application, "POST", "/", "--b--").status()).isEqualTo(403);
    assertThat(lines()).containsExactly(MISSING);
  }
}
