// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.SessionTrackingMode;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Sessions as clients see them. */
class SessionTest {
  private static final Code.Service COUNT =
      (request, response) -> {
        var session = request.getSession();
        int count = session.getAttribute("n") instanceof Integer n ? n + 1 : 1;
        session.setAttribute("n", count);
        response
            .getWriter()
            .print(
                count
                    + (session.isNew() ? " new" : "")
                    + (request.isRequestedSessionIdValid() ? " valid" : "")
                    + (request.isRequestedSessionIdFromCookie() ? " cookie" : "")
                    + (request.isRequestedSessionIdFromURL() ? " url" : ""));
      };

  private static ServletContainer.Builder app() {
    return ServletContainer.builder()
        .servlet("count", Code.servlet(COUNT), "/count")
        .servlet(
            "requested",
            Code.servlet(
                (request, response) -> response.getWriter().print(request.getRequestedSessionId())),
            "/requested")
        .servlet(
            "encode",
            Code.servlet(
                (request, response) -> {
                  request.getSession();
                  response.getWriter().print(response.encodeURL(request.getParameter("u")));
                }),
            "/encode")
        .servlet(
            "login",
            Code.servlet(
                (request, response) -> response.getWriter().print(request.changeSessionId())),
            "/login")
        .servlet(
            "logout",
            Code.servlet(
                (request, response) -> {
                  request.getSession().invalidate();
                  response.getWriter().print(request.getSession(false));
                }),
            "/logout");
  }

  @Test
  void livesInACookie() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      Answer first = app.get("/app/count");
      assertThat(first.text()).isEqualTo("1 new");
      assertThat(first.cookies()).hasSize(1);
      assertThat(first.cookies().getFirst().split("; "))
          .contains("Path=/app", "HttpOnly", "SameSite=Lax")
          .doesNotContain("Secure");
      Answer second = app.get("/app/count", "Cookie", first.sessionCookie());
      assertThat(second.text()).isEqualTo("2 valid cookie");
      assertThat(second.cookies()).isEmpty();
      assertThat(app.get("/app/count").text()).isEqualTo("1 new");
    }
  }

  @Test
  void doesNotTakeAnIdThatAClientMadeUp() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      Answer answer = app.get("/app/count", "Cookie", "JSESSIONID=chosen-by-an-attacker");
      assertThat(answer.text()).isEqualTo("1 new cookie");
      assertThat(answer.sessionCookie()).doesNotContain("attacker");
    }
  }

  @Test
  void findsTheValidOneOfSeveralCookies() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      String cookie = app.get("/app/count").sessionCookie();
      assertThat(app.get("/app/count", "Cookie", "JSESSIONID=old; " + cookie).text())
          .isEqualTo("2 valid cookie");
      assertThat(app.get("/app/count", "Cookie", cookie + "; JSESSIONID=old").text())
          .isEqualTo("3 valid cookie");
    }
  }

  @Test
  void marksTheCookieSecureOnHttps() throws Exception {
    try (var app = TestApp.start("", app())) {
      app.protocol = "https";
      assertThat(app.get("/count").cookies().getFirst()).contains("; Secure").contains("; Path=/");
    }
  }

  @Test
  void followsTheCookieConfiguration() throws Exception {
    var builder =
        app()
            .sessionCookie(
                cookie -> {
                  cookie.setName("SID");
                  cookie.setPath("/");
                  cookie.setDomain("example.org");
                  cookie.setHttpOnly(false);
                  cookie.setMaxAge(60);
                  cookie.setAttribute("SameSite", "Strict");
                });
    try (var app = TestApp.start("/app", builder)) {
      String cookie = app.get("/app/count").cookies().getFirst();
      assertThat(cookie).startsWith("SID=").doesNotContain("HttpOnly");
      assertThat(cookie.split("; "))
          .contains("Path=/", "Domain=example.org", "Max-Age=60", "SameSite=Strict");
    }
  }

  @Test
  void changesItsId() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      assertThat(app.get("/app/login").status()).as("there is no session").isEqualTo(500);
      String old = app.get("/app/count").sessionCookie();
      Answer login = app.get("/app/login", "Cookie", old);
      assertThat(login.sessionCookie()).isEqualTo("JSESSIONID=" + login.text()).isNotEqualTo(old);
      assertThat(app.get("/app/count", "Cookie", login.sessionCookie()).text()).startsWith("2");
      assertThat(app.get("/app/count", "Cookie", old).text()).startsWith("1 new");
    }
  }

  @Test
  void endsWhenInvalidated() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      String cookie = app.get("/app/count").sessionCookie();
      assertThat(app.get("/app/logout", "Cookie", cookie).text()).isEqualTo("null");
      assertThat(app.get("/app/count", "Cookie", cookie).text()).isEqualTo("1 new cookie");
    }
  }

  @Test
  void tellsTheClientOnlyTheLastOfSeveralIds() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      response.addHeader("Set-Cookie", "other=1");
                      request.getSession().invalidate();
                      request.getSession();
                      request.changeSessionId();
                      response.reset();
                      response.getWriter().print(request.getSession().getId());
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      Answer answer = app.get("/");
      assertThat(answer.cookies()).as("the session survives a reset").hasSize(1);
      assertThat(answer.sessionCookie()).isEqualTo("JSESSIONID=" + answer.text());
    }
  }

  @Test
  void cannotBeginOnceTheAnswerIsCommitted() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      response.flushBuffer();
                      assertThatThrownBy(request::getSession)
                          .isInstanceOf(IllegalStateException.class);
                      response.getWriter().print("ok");
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/").text()).isEqualTo("ok");
    }
  }

  @Test
  void canBeginAtAnyTimeIfNoCookieHasToTellOfIt() throws Exception {
    var builder =
        ServletContainer.builder()
            .sessionTracking(EnumSet.of(SessionTrackingMode.URL))
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      response.flushBuffer();
                      request.getSession();
                      response.getWriter().print(response.encodeURL("/app/s"));
                    }),
                "/s");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/s").text()).startsWith("/app/s;jsessionid=");
    }
  }

  @Test
  void isNotInURLsIfCookiesAreAllThatIsWanted() throws Exception {
    var byCookie = app().sessionTracking(EnumSet.of(SessionTrackingMode.COOKIE));
    try (var app = TestApp.start("/app", byCookie)) {
      Answer first = app.get("/app/encode?u=/app/x");
      assertThat(first.text()).isEqualTo("/app/x");
      String id = first.sessionCookie().substring("JSESSIONID=".length());
      assertThat(app.get("/app/count;jsessionid=" + id).text()).isEqualTo("1 new");
      assertThat(app.get("/app/requested;jsessionid=x").text()).as("what it says").isEqualTo("x");
    }
  }

  @Test
  void travelsInURLsThatLeadHere() throws Exception {
    try (var app = TestApp.start("/app", trackedByURL())) {
      Answer first = app.get("/app/encode?u=/app/x?y%23z");
      assertThat(first.cookies()).isEmpty();
      assertThat(first.text()).matches("/app/x;jsessionid=[A-Za-z0-9_-]{24}\\?y#z");
      String path = first.text().substring("/app/x".length(), first.text().indexOf('?'));
      assertThat(app.get("/app/count" + path).text()).isEqualTo("1 valid url");
      assertThat(app.get("/app/count" + path).text()).isEqualTo("2 valid url");
      for (String here :
          new String[] {"x", "http://example.org/app/x", "http://example.org:80/app"}) {
        assertThat(app.get("/app/encode" + path + "?u=" + here).text()).contains(";jsessionid=");
      }
      for (String elsewhere :
          new String[] {
            "/other",
            "/apple",
            "//example.com/app/x",
            "http://example.com/app/x",
            "https://example.org/app/x",
            "http://example.org:81/app/x",
            "%23top"
          }) {
        assertThat(app.get("/app/encode" + path + "?u=" + elsewhere).text())
            .doesNotContain("jsessionid");
      }
    }
  }

  @Test
  void travelsInTheURLOfTheContextItself() throws Exception {
    try (var app = TestApp.start("/app", trackedByURL())) {
      assertThat(app.get("/app/encode?u=/app").text()).startsWith("/app/;jsessionid=");
      assertThat(app.get("/app/encode?u=/app?x").text())
          .matches("/app/;jsessionid=[A-Za-z0-9_-]{24}\\?x");
      assertThat(app.get("/app/encode?u=http://example.org/app%23x").text())
          .matches("http://example.org/app/;jsessionid=[A-Za-z0-9_-]{24}#x");
    }
    try (var app = TestApp.start("", trackedByURL())) {
      assertThat(app.get("/encode?u=http://example.org").text())
          .startsWith("http://example.org/;jsessionid=");
      assertThat(app.get("/encode?u=/").text()).startsWith("/;jsessionid=");
    }
  }

  @Test
  void travelsInURLsAsLongAsNoCookieComes() throws Exception {
    try (var app = TestApp.start("/app", app())) {
      Answer first = app.get("/app/encode?u=/app/count");
      assertThat(first.text()).startsWith("/app/count;jsessionid=");
      assertThat(app.get(first.text()).text()).isEqualTo("1 valid url");
      assertThat(app.get("/app/encode?u=/app/count", "Cookie", first.sessionCookie()).text())
          .isEqualTo("/app/count");
    }
  }

  @Test
  void travelsInReferencesToTheRequestItself() throws Exception {
    try (var app = TestApp.start("/app", trackedByURL())) {
      assertThat(app.get("/app/encode?u=").text())
          .matches("/app/encode;jsessionid=[A-Za-z0-9_-]{24}\\?u=");
      assertThat(app.get("/app/encode?u=?x").text())
          .matches("/app/encode;jsessionid=[A-Za-z0-9_-]{24}\\?x");
    }
  }

  @Test
  void isOnceInAURL() throws Exception {
    try (var app = TestApp.start("/app", trackedByURL())) {
      String first = app.get("/app/encode?u=/app/x").text();
      String parameter = first.substring("/app/x".length());
      for (String url :
          new String[] {"/app/x;jsessionid=old", "/app;jsessionid=old/x;jsessionid=older"}) {
        String text = app.get("/app/encode" + parameter + "?u=" + url).text();
        assertThat(text).endsWith("/x" + parameter).doesNotContain("old");
      }
      assertThat(app.get("/app/encode" + parameter + "?u=/app/x;v=1;jsessionid=old;w=2").text())
          .isEqualTo("/app/x;v=1;w=2" + parameter);
      assertThat(app.get("/app/encode" + parameter + "?u=").text())
          .isEqualTo("/app/encode" + parameter + "?u=");
    }
  }

  @Test
  void keepsThePromiseOfItsCookiesName() throws Exception {
    var host = app().sessionCookie(cookie -> cookie.setName("__Host-SID"));
    try (var app = TestApp.start("/app", host)) {
      assertThat(app.get("/app/count").cookies().getFirst().split("; "))
          .contains("Path=/", "Secure");
    }
    var secure = app().sessionCookie(cookie -> cookie.setName("__Secure-SID"));
    try (var app = TestApp.start("/app", secure)) {
      assertThat(app.get("/app/count").cookies().getFirst().split("; "))
          .contains("Path=/app", "Secure");
    }
    var broken =
        app()
            .onStartFailure(OnStartFailure.FAIL)
            .sessionCookie(
                cookie -> {
                  cookie.setName("__host-SID");
                  cookie.setPath("/app");
                });
    assertThatThrownBy(() -> broken.build().start("/app"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__host-SID");
  }

  @Test
  void tellsWhatItsCookieIsConfiguredTo() {
    app()
        .sessionCookie(
            cookie -> {
              assertThat(cookie.getName()).as("as long as it is the default").isNull();
              cookie.setName("SID");
              assertThat(cookie.getName()).isEqualTo("SID");
              cookie.setName("");
              assertThat(cookie.getName()).isNull();
              cookie.setAttribute("Secure", "");
              assertThat(cookie.isSecure()).as("a flag needs no value").isTrue();
              cookie.setSecure(false);
              assertThat(cookie.isSecure()).isFalse();
              cookie.setMaxAge(7);
              assertThat(cookie.getAttributes().get("max-age")).as("in any case").isEqualTo("7");
              assertThatThrownBy(() -> cookie.getAttributes().clear())
                  .isInstanceOf(UnsupportedOperationException.class);
            });
  }

  @Test
  void refusesACookieThatCannotBeSent() {
    for (String name : new String[] {"a b", "a;b", "ä"}) {
      assertThatThrownBy(() -> app().sessionCookie(cookie -> cookie.setName(name)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> app().sessionCookie(cookie -> cookie.setPath("/; Domain=evil")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> app().sessionCookie(cookie -> cookie.setAttribute("Max-Age", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isNotTrackedByTLS() {
    assertThatThrownBy(() -> app().sessionTracking(EnumSet.of(SessionTrackingMode.SSL)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ServletContainer.Builder trackedByURL() {
    return app().sessionTracking(EnumSet.of(SessionTrackingMode.URL));
  }

  @Test
  void belongsToOneMount() throws Exception {
    try (var one = TestApp.start("/one", app());
        var two = TestApp.start("/two", app().sessionTimeout(Duration.ofMinutes(5)))) {
      String cookie = one.get("/one/count").sessionCookie();
      assertThat(two.get("/two/count", "Cookie", cookie).text()).isEqualTo("1 new cookie");
      assertThat(one.get("/one/count", "Cookie", cookie).text()).isEqualTo("2 valid cookie");
    }
  }
}
