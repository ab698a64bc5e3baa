// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.blocking;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** Who makes a request, and what only users may do. */
class CurrentUserTest extends HandlerTest {
  private static final String LOGIN = "/app/login?next="; // FakeConnection is below /app

  private record User(String name) {}

  /** Knows the user by a cookie, and says when it is asked. */
  private class Known extends Traced {
    @Override
    protected Object getCurrentUser() {
      events.add("getCurrentUser");
      String name = getCookie("user");
      return name == null ? null : new User(name);
    }
  }

  private class Page extends Known {
    @Override
    @Authenticated
    protected void get() throws Exception {
      write("Hello, " + currentUser(User.class).name());
    }

    @Override
    @Authenticated
    protected void post() throws Exception {
      get();
    }

    @Override
    protected void head() throws Exception {}

    @Override
    protected void put() throws Exception {
      write("public");
    }
  }

  private static Settings login(String url) {
    return settings().loginUrl(url).build();
  }

  private FakeConnection send(Settings settings, Rule rule, String method, String target)
      throws Exception {
    return request(new Application(settings, rule), method, target, "");
  }

  private FakeConnection send(String method, String target) throws Exception {
    return send(login("/login"), url(".*", Page::new), method, target);
  }

  private FakeConnection get(Supplier<RequestHandler> handler) throws Exception {
    return send(login("/login"), url(".*", handler), "GET", "/");
  }

  // ---- currentUser

  @Test
  void theUserIsFoundOnceAndOnlyIfAskedFor() throws Exception {
    class Twice extends Known {
      @Override
      protected void get() {
        events.add("get");
        write(currentUser() + " " + currentUser());
      }
    }
    with("Cookie", "user=me");

    assertThat(get(Twice::new).body()).isEqualTo("User[name=me] User[name=me]");
    assertThat(events)
        .containsExactly("setDefaultHeaders", "prepare", "get", "getCurrentUser", "onFinish 200");
  }

  @Test
  void nobodyIsAskedForOnceToo() throws Exception {
    class Twice extends Known {
      @Override
      protected void get() {
        write(currentUser() + " " + currentUser(User.class));
      }
    }

    assertThat(get(Twice::new).body()).isEqualTo("null null");
    assertThat(events).containsOnlyOnce("getCurrentUser");
  }

  @Test
  void unlessItIsOverriddenThereIsNobody() throws Exception {
    class Plain extends RequestHandler {
      @Override
      protected void get() {
        write(String.valueOf(currentUser()));
      }
    }

    assertThat(get(Plain::new).body()).isEqualTo("null");
  }

  @Test
  void theUserCanBeAssigned() throws Exception {
    class Assigned extends Known {
      @Override
      protected void prepare() {
        setCurrentUser(new User("other"));
      }

      @Override
      @Authenticated
      protected void get() {
        write(currentUser() + "");
        setCurrentUser(null);
        write(currentUser() + "");
      }
    }

    assertThat(get(Assigned::new).body()).isEqualTo("User[name=other]null");
    assertThat(events).doesNotContain("getCurrentUser");
  }

  @Test
  void findingTheUserMayAwait() throws Exception {
    class Slow extends Known {
      @Override
      protected Object getCurrentUser() {
        await(blocking(() -> 0));
        return super.getCurrentUser();
      }

      @Override
      @Authenticated
      protected void get() {
        write(currentUser(User.class).name());
      }
    }
    with("Cookie", "user=me");

    assertThat(get(Slow::new).body()).isEqualTo("me");
  }

  @Test
  void whatWasAssignedMeanwhileStands() throws Exception {
    class Racing extends Known {
      @Override
      protected Object getCurrentUser() {
        setCurrentUser("assigned");
        return "found";
      }

      @Override
      protected void get() {
        write(String.valueOf(currentUser()));
      }
    }

    assertThat(get(Racing::new).body()).isEqualTo("assigned");
  }

  @Test
  void aUserOfAnotherTypeIsAMistake() throws Exception {
    class Wrong extends Known {
      @Override
      protected void get() {
        write(currentUser(String.class));
      }
    }
    with("Cookie", "user=me");
    try (var errors = new LogCapture(Log.APPLICATION)) {
      assertThat(get(Wrong::new).status()).isEqualTo(500);
      assertThat(errors.thrown()).singleElement().isInstanceOf(ClassCastException.class);
    }
  }

  // ---- @Authenticated

  @Test
  void usersPass() throws Exception {
    with("Cookie", "user=me");

    assertThat(send("GET", "/").body()).isEqualTo("Hello, me");
    assertThat(send("POST", "/").body()).isEqualTo("Hello, me");
    assertThat(send("HEAD", "/").status()).isEqualTo(200);
  }

  @Test
  void whoIsUnknownIsSentToTheLoginPage() throws Exception {
    for (String method : List.of("GET", "HEAD")) {
      events.clear();
      var answer = send(method, "/a%20b?c=d&e=%C3%A9+");

      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.header("Location"))
          .isEqualTo(LOGIN + "%2Fapp%2Fa%2520b%3Fc%3Dd%26e%3D%25C3%25A9%2B");
      assertThat(events)
          .as("no verb")
          .containsExactly("setDefaultHeaders", "prepare", "getCurrentUser", "onFinish 302");
    }
  }

  @Test
  void handshakesOfWebSocketsAreNotSentToTheLoginPage() throws Exception {
    with("Connection", "Upgrade").with("Upgrade", "WebSocket");
    var answer = send("GET", "/");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Location")).isNull();
    assertThat(events).endsWith("onFinish 403").doesNotContain("get");
  }

  @Test
  void otherUpgradesAreSentToTheLoginPage() throws Exception {
    with("Connection", "Upgrade").with("Upgrade", "h2c");

    assertThat(send("GET", "/").status()).isEqualTo(302);
  }

  @Test
  void whoIsUnknownMayNotPost() throws Exception {
    var answer = send("POST", "/");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Location")).isNull();
    assertThat(events).endsWith("onFinish 403").doesNotContain("get");
  }

  @Test
  void whatHasNoAnnotationIsForEverybody() throws Exception {
    assertThat(send("PUT", "/").body()).isEqualTo("public");
    assertThat(events).doesNotContain("getCurrentUser");
  }

  @Test
  void prepareMayAnswerFirst() throws Exception {
    class Early extends Page {
      @Override
      protected void prepare() {
        var _ = finish("early");
      }
    }

    assertThat(get(Early::new).body()).isEqualTo("early");
    assertThat(events).doesNotContain("getCurrentUser");
  }

  @ParameterizedTest
  @CsvSource({
    "/login,                      /app/login?next=%2Fapp%2Fa%3Fb",
    "login,                       login?next=%2Fapp%2Fa%3Fb",
    "/login?as=guest,             /app/login?as=guest",
    "/login?,                     /app/login?",
    "/login#form,                 /app/login?next=%2Fapp%2Fa%3Fb#form",
    "/login#a?b,                  /app/login?next=%2Fapp%2Fa%3Fb#a?b",
    "https://sso.example/in,     "
        + " https://sso.example/in?next=http%3A%2F%2Fexample.org%2Fapp%2Fa%3Fb",
    "//sso.example/in,            //sso.example/in?next=http%3A%2F%2Fexample.org%2Fapp%2Fa%3Fb",
    "https://sso.example/in?a=b,  https://sso.example/in?a=b"
  })
  void theLoginPageLearnsWhatWasAskedFor(String loginUrl, String location) throws Exception {
    var answer = send(login(loginUrl), url(".*", Page::new), "GET", "/a?b");

    assertThat(answer.header("Location")).isEqualTo(location);
  }

  @Test
  void ofAnAbsoluteTargetOnlyThePathIsRemembered() throws Exception {
    assertThat(send("GET", "http://evil.example/a?b").header("Location"))
        .isEqualTo(LOGIN + "%2Fapp%2Fa%3Fb");
  }

  @Test
  void aHandlerMayHaveALoginPageOfItsOwn() throws Exception {
    class Own extends Page {
      @Override
      protected String getLoginUrl() {
        return "/staff";
      }
    }

    assertThat(send(settings().build(), url("/", Own::new), "GET", "/").header("Location"))
        .isEqualTo("/staff?next=%2Fapp%2F");
  }

  @Test
  void aMissingLoginPageIsNamed() throws Exception {
    try (var errors = new LogCapture(Log.APPLICATION)) {
      var answer = send(settings().build(), url("/", Page::new), "GET", "/");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(errors.thrown())
          .singleElement()
          .asString()
          .contains("loginUrl")
          .contains("@Authenticated");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> settings().loginUrl(""));
    assertThatIllegalArgumentException().isThrownBy(() -> settings().loginUrl("/a\r\nb"));
  }

  @Authenticated
  private class Closed extends Known {
    @Override
    protected void options() {}
  }

  private class Inherits extends Closed {
    @Override
    protected void put() {}
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void onAClassItCountsForAllVerbs(String method) throws Exception {
    for (var rule : List.of(url("/", Closed::new), url("/", Inherits::new))) {
      assertThat(send(login("/login"), rule, method, "/").status()).isEqualTo(403);
      assertThat(send(login("/login"), rule, "GET", "/").status()).isEqualTo(302);
    }
  }

  @Test
  void overridingDoesNotOpenWhatIsClosed() throws Exception {
    class Overriding extends Page {
      @Override
      protected void get() throws Exception {
        super.get();
      }

      @Override
      protected void head() throws Exception {
        get();
      }
    }

    assertThat(get(Overriding::new).status()).isEqualTo(302);
    assertThat(send(login("/login"), url("/", Overriding::new), "HEAD", "/").status())
        .isEqualTo(302);
  }

  @Test
  void anAnnotationOnWhatIsNoVerbIsRefused() {
    class Mistaken extends RequestHandler {
      @Authenticated
      void get(String a) {
        write(a);
      }
    }

    assertThatIllegalStateException()
        .isThrownBy(() -> new Application(url("/", Mistaken::new)))
        .withMessageContaining("get is annotated @Authenticated, but is no verb method");
  }

  @StreamRequestBody
  private class Upload extends Known {
    @Override
    protected void dataReceived(byte[] chunk) {
      events.add(new String(chunk, StandardCharsets.UTF_8));
    }

    @Override
    @Authenticated
    protected void post() {
      write("stored");
    }
  }

  @Test
  void aStreamedBodyDoesNotGetInBeforeItsUserIsKnown() throws Exception {
    var application = new Application(login("/login"), url("/", Upload::new));

    assertThat(request(application, "POST", "/", "secrets").status()).isEqualTo(403);
    assertThat(events).doesNotContain("secrets");
    with("Cookie", "user=me");
    assertThat(request(application, "POST", "/", "secrets").body()).isEqualTo("stored");
    assertThat(events).contains("secrets");
  }

  @Test
  void anErrorOfTheSearchIsAnsweredAsAnyOther() throws Exception {
    class Broken extends Page {
      @Override
      protected Object getCurrentUser() {
        throw new HTTPError(503);
      }
    }

    assertThat(get(Broken::new).status()).isEqualTo(503);
  }

  @Test
  void whoHasAnsweredMeanwhileIsNotSentAnywhere() throws Exception {
    class Impatient extends Page {
      @Override
      protected Object getCurrentUser() {
        var _ = finish("answered");
        return null;
      }
    }

    assertThat(get(Impatient::new).body()).isEqualTo("answered");
  }

  // ---- next

  private class Login extends RequestHandler {
    @Override
    protected void get() {
      redirect(nextUrl("/home"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',                             /home",
    "?next=,                         /home",
    "?next=%2Fa%3Fb%3Dc,             /a?b=c",
    "?next=%2F%2Fevil.example,       /home",
    "?next=%2F%5Cevil.example,       /home",
    "?next=http:%2F%2Fevil.example,  /home",
    "?next=%2Fa%0d%0aX:y,            /home",
    "?next=%2F%09%2Fevil.example,    /home",
    "?next=%252F%252Fevil.example,   /home",
    "?next=%2Fa&next=%2Fb,           /b",
    "?next=%2Fa&next=%2F%2Fb,        /home"
  })
  void aLoginPageLeadsBackToThisSiteOnly(String query, String location) throws Exception {
    try (var _ = new LogCapture(Log.GENERAL)) {
      var answer = send(settings().build(), url("/login", Login::new), "GET", "/login" + query);

      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.header("Location")).isEqualTo(location);
    }
  }

  @Test
  void aRefusedPageIsSaidInOneLine() throws Exception {
    try (var log = new LogCapture(Log.GENERAL)) {
      send(settings().build(), url("/login", Login::new), "GET", "/login?next=//e%0d%0ax");

      assertThat(log.lines().stream().filter(line -> line.contains("192.0.2.7")))
          .containsExactly(
              "WARNING Not a page of this site: //e\\u000d\\u000ax:"
                  + " GET /login?next=//e%0d%0ax (192.0.2.7)");
    }
  }

  @Test
  void whatTheLoginPageIsToldItAccepts() throws Exception {
    String location = send("GET", "/a%20b?c=d").header("Location");
    String query = location.substring(location.indexOf('?'));

    assertThat(
            send(settings().build(), url("/login", Login::new), "GET", "/login" + query)
                .header("Location"))
        .isEqualTo("/app/a%20b?c=d");
  }
}
