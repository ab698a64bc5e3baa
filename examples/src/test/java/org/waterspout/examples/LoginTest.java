// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.escape.Escape;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.web.testing.ApplicationExtension;

/** Logging in and out, as a browser does it and as others try to. */
@Timeout(60)
final class LoginTest {
  private static final Pattern XSRF = Pattern.compile("name=\"_xsrf\" value=\"([^\"]+)\"");

  private final Users users = new Users(1);
  private final Map<String, String> cookies = new LinkedHashMap<>();

  @RegisterExtension
  final ApplicationExtension app =
      ApplicationExtension.of(
          () -> {
            users.add("guest", "secret & more");
            return Login.application(users, "a secret for tests");
          });

  private HTTPResponse get(String path) {
    return keepCookies(
        app.fetch(path, r -> r.followRedirects(false).header("Cookie", cookieHeader())));
  }

  private HTTPResponse post(String path, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(e -> Escape.urlEscape(e.getKey()) + "=" + Escape.urlEscape(e.getValue()))
            .collect(Collectors.joining("&"));
    return keepCookies(
        app.fetch(
            path,
            r ->
                r.method("POST")
                    .followRedirects(false)
                    .header("Cookie", cookieHeader())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(body)));
  }

  private String cookieHeader() {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private HTTPResponse keepCookies(HTTPResponse answer) {
    for (var cookie : answer.headers().getList("Set-Cookie")) {
      var pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
      if (pair[1].isEmpty() || pair[1].equals("\"\"")) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return answer;
  }

  private static String token(HTTPResponse page) {
    var found = XSRF.matcher(page.text());
    assertThat(found.find()).as(page.text()).isTrue();
    return found.group(1);
  }

  private HTTPResponse logIn(String name, String password, String next) {
    var token = token(get("/login?next=" + Escape.urlEscape(next)));
    return post("/login", Map.of("name", name, "password", password, "next", next, "_xsrf", token));
  }

  @Test
  void strangersAreSentToTheLoginPage() {
    var answer = get("/");
    assertThat(answer.code()).isEqualTo(302);
    assertThat(answer.headers().get("Location")).isEqualTo("/login?next=%2F");
  }

  @Test
  void usersLogInAndOut() {
    var answer = logIn("guest", "secret & more", "/");
    assertThat(answer.code()).isEqualTo(303);
    assertThat(answer.headers().get("Location")).isEqualTo("/");
    assertThat(answer.headers().get("Set-Cookie")).contains("HttpOnly", "SameSite=Lax");

    var home = get("/");
    assertThat(home.text()).contains("<span id=\"name\">guest</span>");
    assertThat(post("/logout", Map.of("_xsrf", token(home))).code()).isEqualTo(303);
    assertThat(get("/").code()).isEqualTo(302);
  }

  @Test
  void wrongPasswordsAndUnknownUsersLookAlike() {
    var wrong = logIn("guest", "secret", "/");
    var unknown = logIn("nobody", "secret", "/");
    assertThat(wrong.code()).isEqualTo(403);
    assertThat(unknown.code()).isEqualTo(403);
    assertThat(wrong.text()).contains("There is no such user, or the password is another.");
    assertThat(withoutTokens(unknown)).isEqualTo(withoutTokens(wrong));
    assertThat(get("/").code()).isEqualTo(302);
  }

  private static String withoutTokens(HTTPResponse page) {
    return XSRF.matcher(page.text()).replaceAll("");
  }

  @Test
  void nobodyIsSentToAnotherSite() {
    for (var evil : new String[] {"//evil.example", "/\\evil.example", "https://evil.example"}) {
      assertThat(logIn("guest", "secret & more", evil).headers().get("Location")).isEqualTo("/");
    }
  }

  @Test
  void whatIsInTheAddressIsEscapedInTheForm() {
    assertThat(get("/login?next=" + Escape.urlEscape("/\"><script>{{xsrf}}")).text())
        .doesNotContain("<script>");
  }

  @Test
  void formsOfOtherSitesAreRefused() {
    var form = Map.of("name", "guest", "password", "secret & more");
    assertThat(post("/login", form).code()).isEqualTo(403);
    var foreign = Map.of("name", "guest", "password", "secret & more", "_xsrf", "0123456789abcdef");
    var _ = get("/login");
    assertThat(post("/login", foreign).code()).isEqualTo(403);
    assertThat(cookies).doesNotContainKey("user");
  }

  @Test
  void aCookieThatIsNotOursIsNobody() {
    var _ = logIn("guest", "secret & more", "/");
    cookies.computeIfPresent("user", (_, value) -> value.replace("|4:user|", "|4:else|"));
    var broken = get("/");
    cookies.put("user", "guest");
    assertThat(get("/").code()).isEqualTo(302);
    assertThat(broken.code()).isEqualTo(302);
  }
}
