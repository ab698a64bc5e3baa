// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.net.CookieManager;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.escape.Escape;
import org.waterspout.http.HTTPServer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/** A site with users over real sockets: what attackers send, what they get, and what is logged. */
class UserSecurityTest {
  private static final String SECRET = "a secret of this test only";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final IOLoop loop = new IOLoop();
  private final SignedValues values = new SignedValues(SECRET);
  private LogCapture general;
  private LogCapture errors;
  private LogCapture access;
  private Thread runner;
  private HTTPServer server;

  private abstract static class Page extends RequestHandler {
    @Override
    protected Object getCurrentUser() {
      return getSignedCookie("user");
    }
  }

  @Authenticated
  private static final class Home extends Page {
    @Override
    protected void get() {
      write("Hello, " + Escape.xhtmlEscape(currentUser(String.class)));
    }

    @Override
    protected void post() {
      write("posted by " + Escape.xhtmlEscape(currentUser(String.class)));
    }
  }

  private static final class Login extends Page {
    @Override
    protected void get() {
      String next = Escape.xhtmlEscape(nextUrl("/"));
      write("<form method=\"post\">" + xsrfFormHtml());
      write("<input name=\"next\" value=\"" + next + "\"><input name=\"name\"></form>");
    }

    @Override
    protected void post() {
      setSignedCookie("user", getArgument("name"));
      redirect(nextUrl("/"));
    }
  }

  /** Hands what it gets to everything that becomes a header. */
  private static final class Careless extends RequestHandler {
    @Override
    protected void get() {
      String value = getArgument("value");
      switch (getArgument("in")) {
        case "redirect" -> redirect(value);
        case "header" -> setHeader("X-Value", value);
        case "name" -> setHeader(value, "x");
        case "cookie" -> setCookie("a", value);
        case "cookie name" -> setCookie(value, "a");
        case "signed name" -> setSignedCookie(value, "a");
        case "path" -> setCookie("a", "b", CookieAttributes.DEFAULT.withPath(value));
        case "domain" -> setCookie("a", "b", CookieAttributes.DEFAULT.withDomain(value));
        case "login" -> redirect(nextUrl(value));
        default -> throw new HTTPError(400);
      }
    }
  }

  @BeforeEach
  void serve() {
    general = new LogCapture(Log.GENERAL);
    errors = new LogCapture(Log.APPLICATION);
    access = new LogCapture(Log.ACCESS);
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
    var settings = settings().cookieSecret(SECRET).loginUrl("/login").xsrfCookies(true).build();
    server =
        new Application(
                settings,
                url("/", Home::new),
                url("/login", Login::new),
                url("/careless", Careless::new))
            .listen(0, "127.0.0.1");
  }

  @AfterEach
  void close() throws Exception {
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    access.close();
    errors.close();
    general.close();
  }

  /** The whole answer to a request whose connection ends with it. */
  private String exchange(String startLine, String... headersAndBody) throws Exception {
    String rest = String.join("\r\n", headersAndBody);
    String separator = rest.contains("\r\n\r\n") || rest.isEmpty() ? "" : "\r\n\r\n";
    String head = startLine + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      String wire = head + rest + (rest.isEmpty() ? "\r\n" : separator);
      socket.getOutputStream().write(wire.getBytes(StandardCharsets.ISO_8859_1));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.ISO_8859_1);
    }
  }

  private String get(String target, String... headers) throws Exception {
    return exchange("GET " + target, headers);
  }

  private static int status(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 ");
    return Integer.parseInt(answer.substring(9, 12));
  }

  private static String head(String answer) {
    return answer.substring(0, answer.indexOf("\r\n\r\n"));
  }

  private String userCookie(String name) {
    return "Cookie: user=" + values.createSignedValue("user", name);
  }

  /** What a log has said of requests, once the loop is through with them. */
  private List<String> lines(LogCapture log) throws Exception {
    loop.spawn(() -> 0).get(20, TimeUnit.SECONDS);
    return log.lines().stream()
        .filter(line -> line.contains("127.0.0.1)"))
        .map(line -> line.replaceFirst(" [0-9.]+ms$", ""))
        .toList();
  }

  // ---- a user

  @Test
  void aUserLogsInAndComesBackToWhatHeAskedFor() throws Exception {
    try (var client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
      var asked = send(client, HttpRequest.newBuilder(uri("/?a=b")));
      String login = asked.headers().firstValue("Location").orElseThrow();
      assertThat(login).isEqualTo("/login?next=%2F%3Fa%3Db");

      var page = send(client, HttpRequest.newBuilder(uri(login)));
      var token = Pattern.compile("name=\"_xsrf\" value=\"([^\"]+)\"").matcher(page.body());
      assertThat(token.find()).isTrue();
      String form = "name=J%C3%BCrgen&next=/?a=b&_xsrf=" + Escape.urlEscape(token.group(1));
      var posted =
          send(
              client,
              HttpRequest.newBuilder(uri("/login"))
                  .header("Content-Type", FORM)
                  .POST(BodyPublishers.ofString(form.replace("?a=b", "%3Fa%3Db"))));
      assertThat(posted.headers().firstValue("Location")).hasValue("/?a=b");

      assertThat(send(client, HttpRequest.newBuilder(uri("/?a=b"))).body())
          .isEqualTo("Hello, Jürgen");
      var again =
          HttpRequest.newBuilder(uri("/"))
              .header("X-XSRFToken", token.group(1))
              .POST(BodyPublishers.noBody());
      assertThat(send(client, again).body()).isEqualTo("posted by Jürgen");
    }
    assertThat(lines(general)).isEmpty();
  }

  private URI uri(String target) {
    return URI.create("http://127.0.0.1:" + server.port() + target);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
  }

  // ---- cookies

  @Test
  void aForgedCookieLeadsToTheLoginPage() throws Exception {
    String forged = userCookie("admin").replaceFirst(".$", "x");
    String answer = get("/", forged);

    assertThat(status(answer)).isEqualTo(302);
    assertThat(head(answer)).contains("\r\nLocation: /login?next=%2F");
    assertThat(lines(general))
        .containsExactly("WARNING Cookie user: its signature does not match: GET / (127.0.0.1)");
    assertThat(lines(access)).containsExactly("INFO 302 GET / (127.0.0.1)");
  }

  @Test
  void anExpiredCookieLeadsToTheLoginPage() throws Exception {
    var then = values.withClock(() -> Instant.now().minus(Duration.ofDays(32)));
    String answer = get("/", "Cookie: user=" + then.createSignedValue("user", "me"));

    assertThat(status(answer)).isEqualTo(302);
    assertThat(lines(general))
        .containsExactly("INFO Cookie user: it has expired: GET / (127.0.0.1)");
  }

  @Test
  void ofTwoCookiesTheLastCounts() throws Exception {
    String mine = userCookie("me");

    assertThat(get("/", "Cookie: user=x; a=b", mine)).endsWith("Hello, me");
    assertThat(get("/", mine + "; user=x")).startsWith("HTTP/1.1 302 ");
    assertThat(get("/", mine, userCookie("you"))).endsWith("Hello, you");
    assertThat(lines(general))
        .containsExactly("WARNING Cookie user: it is malformed: GET / (127.0.0.1)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user",
        "user=",
        "user=;user",
        "=",
        ";;;",
        "user=\"",
        "user=\"\\",
        "user=\"\\777\"",
        "user=|||",
        "user=2|1:0|10:1300000000|4:user|",
        "user=2|999999999:0|",
        "user=\u00ff\u00fe",
        "user=\t2|",
        "user==",
        "USER=me",
        "user=2|2|2|2|2|2",
        "user=1|1|1"
      })
  void noCookieIsAnErrorOfOurs(String cookie) throws Exception {
    String answer = get("/", "Cookie: " + cookie);

    assertThat(status(answer)).isEqualTo(302);
    assertThat(lines(errors)).isEmpty();
    assertThat(lines(general)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aCookieWithControlsIsRefusedWhole() throws Exception {
    assertThat(status(get("/", "Cookie: user=a\u0000b"))).isEqualTo(400);
    assertThat(status(get("/", "Cookie: user=a\rb"))).isEqualTo(400);
  }

  @Test
  void aLargeCookieIsReadAndATooLargeOneRefused() throws Exception {
    String large = "2|60000:" + "|".repeat(60_000);

    assertThat(status(get("/", "Cookie: user=" + large))).isEqualTo(302);
    assertThat(status(get("/", "Cookie: user=" + "a".repeat(70_000)))).isEqualTo(431);
    assertThat(lines(general))
        .containsExactly("WARNING Cookie user: it is malformed: GET / (127.0.0.1)");
  }

  // ---- forged requests

  @Test
  void aRequestOfAnotherSiteIsRefused() throws Exception {
    String answer =
        exchange(
            "POST /",
            userCookie("me") + "; _xsrf=2|00000000|00112233|1300000000",
            "Origin: http://evil.example",
            "Content-Type: " + FORM,
            "Content-Length: 12",
            "",
            "_xsrf=guess!");

    assertThat(status(answer)).isEqualTo(403);
    assertThat(lines(general))
        .containsExactly(
            "WARNING 403 POST / (127.0.0.1): the argument _xsrf does not match the cookie");
    assertThat(lines(access)).containsExactly("WARNING 403 POST / (127.0.0.1)");
  }

  @Test
  void whoIsNobodyMayNotPost() throws Exception {
    assertThat(status(exchange("POST /", "Cookie: _xsrf=ab", "X-XSRFToken: ab"))).isEqualTo(403);
    assertThat(lines(general)).isEmpty();
    assertThat(lines(access)).containsExactly("WARNING 403 POST / (127.0.0.1)");
  }

  // ---- what becomes a header

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redirect",
        "header",
        "name",
        "cookie",
        "cookie+name",
        "signed+name",
        "path",
        "domain",
        "login"
      })
  void noInputSplitsAHeader(String where) throws Exception {
    for (String evil : List.of("%0d%0aX-Evil:1", "%0aX-Evil:1", "%0dX-Evil:1", "%0bX", "%7fX")) {
      String answer = get("/careless?in=" + where + "&value=/a" + evil + ";b");

      assertThat(status(answer)).as(evil).isEqualTo(500);
      assertThat(head(answer)).doesNotContain("X-Evil").doesNotContain("Location");
    }
    assertThat(lines(errors))
        .hasSize(5)
        .allMatch(line -> !line.contains("\n") && line.startsWith("SEVERE Uncaught exception GET"));
    assertThat(errors.thrown()).allMatch(IllegalArgumentException.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cookie+name", "path", "domain"})
  void noInputBecomesAnotherAttribute(String where) throws Exception {
    assertThat(status(get("/careless?in=" + where + "&value=a;Domain=evil.example")))
        .isEqualTo(500);
  }

  @Test
  void aCookiesValueStaysItsValue() throws Exception {
    assertThat(head(get("/careless?in=cookie&value=a;Domain=evil.example")))
        .contains("\r\nSet-Cookie: a=\"a\\073Domain=evil.example\"; Path=/\r\n");
  }

  @Test
  void noLinkToTheLoginPageLeadsElsewhere() throws Exception {
    for (String evil : List.of("//evil.example", "/%5Cevil.example", "https:evil.example")) {
      String answer = get("/login?next=" + evil);

      assertThat(answer).contains("name=\"next\" value=\"/\"").doesNotContain("evil");
    }
    assertThat(lines(general))
        .hasSize(3)
        .allMatch(line -> line.contains("Not a page of this site"));
  }
}
