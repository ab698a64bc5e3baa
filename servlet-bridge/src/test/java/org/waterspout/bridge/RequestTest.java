// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPInputException;
import org.waterspout.ioloop.IOLoop;

/** What a servlet sees of a request. */
class RequestTest {
  /** What a servlet checks. */
  interface Check {
    void check(HttpServletRequest request) throws Exception;
  }

  /** Runs checks inside of a servlet that is mapped to everything under {@code /app/s}. */
  private static void check(
      String method, String target, String body, Check check, String... headers) throws Exception {
    var failure = new AtomicReference<Throwable>(new AssertionError("the servlet did not run"));
    var servlet =
        Code.servlet(
            (request, response) -> {
              try {
                check.check(request);
                failure.set(null);
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    try (var app =
        TestApp.start("/app", ServletContainer.builder().servlet("s", servlet, "/s/*"))) {
      app.send(method, target, body, headers);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static void get(String target, Check check, String... headers) throws Exception {
    check("GET", target, null, check, headers);
  }

  private static void form(String body, Check check, String type) throws Exception {
    check("POST", "/app/s?a=query", body, check, "Content-Type", type);
  }

  @Test
  void tellsThePartsOfThePath() throws Exception {
    get(
        "/app/s;v=1/a%20b/c;x?q=%20",
        request -> {
          assertThat(request.getRequestURI()).isEqualTo("/app/s;v=1/a%20b/c;x");
          assertThat(request.getRequestURL()).hasToString("http://example.org/app/s;v=1/a%20b/c;x");
          assertThat(request.getContextPath()).isEqualTo("/app");
          assertThat(request.getServletPath()).isEqualTo("/s");
          assertThat(request.getPathInfo()).isEqualTo("/a b/c");
          assertThat(request.getPathTranslated()).isNull();
          assertThat(request.getQueryString()).isEqualTo("q=%20");
          assertThat(request.getHttpServletMapping().getPattern()).isEqualTo("/s/*");
          assertThat(request.getHttpServletMapping().getMatchValue()).isEqualTo("a b/c");
          assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.REQUEST);
          assertThat(request.getMethod()).isEqualTo("GET");
          assertThat(request.getProtocol()).isEqualTo("HTTP/1.1");
        });
  }

  @Test
  void takesACharset() throws Exception {
    form(
        "a=%E4",
        request -> {
          request.setCharacterEncoding(StandardCharsets.ISO_8859_1);
          assertThat(request.getCharacterEncoding()).isEqualTo("ISO-8859-1");
          assertThat(request.getParameterValues("a")).containsExactly("query", "ä");
        },
        "application/x-www-form-urlencoded");
  }

  @Test
  void readsIntoABuffer() throws Exception {
    form(
        "0123456789",
        request -> {
          var buffer = ByteBuffer.allocate(4);
          assertThat(request.getInputStream().read(buffer)).isEqualTo(4);
          assertThat(new String(buffer.array(), StandardCharsets.US_ASCII)).isEqualTo("0123");
          assertThat(request.getInputStream().readAllBytes()).hasSize(6);
        },
        "text/plain");
  }

  @Test
  void tellsTheFileOfItsPathInfo(@TempDir Path war) throws Exception {
    Files.writeString(war.resolve("a b.txt"), "x");
    Files.writeString(war.resolve("c.txt"), "x");
    Files.createDirectory(war.resolve("WEB-INF"));
    var builder =
        ServletContainer.builder()
            .war(war)
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      if (request.getDispatcherType() == DispatcherType.REQUEST
                          && request.getParameter("to") != null) {
                        request
                            .getRequestDispatcher(request.getParameter("to"))
                            .forward(request, response);
                      } else {
                        response.getWriter().print(request.getPathTranslated());
                      }
                    }),
                "/s/*");
    try (var app = TestApp.start("/app", builder)) {
      String root = war.toRealPath().toString();
      assertThat(app.get("/app/s/a%20b.txt").text()).isEqualTo(root + "/a b.txt");
      assertThat(app.get("/app/s").text()).isEqualTo("null");
      assertThat(app.get("/app/s/a%20b.txt?to=/s/c.txt").text()).isEqualTo(root + "/c.txt");
    }
  }

  @Test
  void isNotForProxies() throws Exception {
    try (var app =
        TestApp.start(
            "/app",
            ServletContainer.builder()
                .servlet("s", Code.servlet((request, response) -> {}), "/*"))) {
      assertThat(app.send("CONNECT", "/app/s", null).status()).isEqualTo(501);
    }
  }

  @Test
  void tellsTheAddresses() throws Exception {
    get(
        "/app/s",
        request -> {
          assertThat(request.getScheme()).isEqualTo("http");
          assertThat(request.isSecure()).isFalse();
          assertThat(request.getServerName()).isEqualTo("example.org");
          assertThat(request.getServerPort()).isEqualTo(80);
          assertThat(request.getRemoteAddr()).isEqualTo("192.0.2.7");
          assertThat(request.getRemoteHost()).isEqualTo("192.0.2.7");
          assertThat(request.getRemotePort()).isEqualTo(4711);
          assertThat(request.getLocalAddr()).isEqualTo("192.0.2.1");
          assertThat(request.getLocalName()).isEqualTo("192.0.2.1");
          assertThat(request.getLocalPort()).isEqualTo(8888);
          assertThat(request.getRequestId()).isNotEmpty().isEqualTo(request.getRequestId());
          assertThat(request.getProtocolRequestId()).isEmpty();
          assertThat(request.getServletConnection().getConnectionId()).isNotEmpty();
          assertThat(request.getServletConnection().getProtocol()).isEqualTo("http/1.1");
        });
  }

  @Test
  void believesAnAbsoluteTargetMoreThanTheHost() throws Exception {
    get(
        "http://other.example:81/app/s",
        request -> {
          assertThat(request.getServerName()).isEqualTo("other.example");
          assertThat(request.getServerPort()).isEqualTo(81);
          assertThat(request.getRequestURI()).isEqualTo("/app/s");
          assertThat(request.getRequestURL()).hasToString("http://other.example:81/app/s");
        });
  }

  @Test
  void readsHeaders() throws Exception {
    get(
        "/app/s",
        request -> {
          assertThat(request.getHeader("x-a")).isEqualTo("1");
          assertThat(Collections.list(request.getHeaders("X-A"))).containsExactly("1", "2");
          assertThat(Collections.list(request.getHeaderNames()))
              .containsExactly("Host", "X-A", "Date", "Bad");
          assertThat(request.getIntHeader("X-a")).isEqualTo(1);
          assertThat(request.getIntHeader("none")).isEqualTo(-1);
          assertThat(request.getDateHeader("Date")).isEqualTo(784_111_777_000L);
          assertThat(request.getDateHeader("none")).isEqualTo(-1);
          assertThatThrownBy(() -> request.getIntHeader("Bad"))
              .isInstanceOf(NumberFormatException.class);
          assertThatThrownBy(() -> request.getDateHeader("Bad"))
              .isInstanceOf(IllegalArgumentException.class);
        },
        "X-A",
        "1",
        "x-a",
        "2",
        "Date",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Bad",
        "x");
  }

  @Test
  void readsCookiesAndLanguages() throws Exception {
    get(
        "/app/s",
        request -> {
          assertThat(request.getCookies()).extracting(Cookie::getName).containsExactly("a", "b");
          assertThat(request.getLocale()).isEqualTo(Locale.GERMAN);
          assertThat(Collections.list(request.getLocales()))
              .containsExactly(Locale.GERMAN, Locale.ENGLISH);
        },
        "Cookie",
        "a=1; b=2",
        "Accept-Language",
        "en;q=0.5, de");
    get(
        "/app/s",
        request -> {
          assertThat(request.getCookies()).isNull();
          assertThat(request.getLocale()).isEqualTo(Locale.getDefault());
        });
  }

  @Test
  void putsQueryParametersBeforeThoseOfTheForm() throws Exception {
    form(
        "b=2&a=form&u=%C3%A4",
        request -> {
          assertThat(request.getParameterValues("a")).containsExactly("query", "form");
          assertThat(request.getParameter("a")).isEqualTo("query");
          assertThat(request.getParameter("u")).isEqualTo("ä");
          assertThat(request.getParameter("none")).isNull();
          assertThat(request.getParameterValues("none")).isNull();
          assertThat(Collections.list(request.getParameterNames())).containsExactly("a", "b", "u");
          assertThat(request.getParameterMap()).containsOnlyKeys("a", "b", "u");
          assertThat(request.getInputStream().read()).as("the form is used up").isEqualTo(-1);
        },
        "application/x-www-form-urlencoded");
  }

  @Test
  void readsAFormInTheCharsetThatIsSet() throws Exception {
    form(
        "u=%E4",
        request -> {
          assertThat(request.getCharacterEncoding()).isNull();
          assertThatThrownBy(() -> request.setCharacterEncoding("nonsense"))
              .isInstanceOf(UnsupportedEncodingException.class);
          request.setCharacterEncoding("ISO-8859-1");
          assertThat(request.getCharacterEncoding()).isEqualTo("ISO-8859-1");
          assertThat(request.getParameter("u")).isEqualTo("ä");
          request.setCharacterEncoding("UTF-8");
          assertThat(request.getCharacterEncoding()).isEqualTo("ISO-8859-1");
        },
        "application/x-www-form-urlencoded");
    form(
        "u=%E4",
        request -> assertThat(request.getParameter("u")).isEqualTo("ä"),
        "application/x-www-form-urlencoded;charset=latin1");
  }

  @Test
  void leavesTheBodyToWhomeverReadsItFirst() throws Exception {
    form(
        "a=form",
        request -> {
          var stream = request.getInputStream();
          assertThat(stream.read()).isEqualTo('a');
          assertThat(request.getParameterValues("a")).containsExactly("query");
          assertThat(stream.readAllBytes()).asString().isEqualTo("=form");
          assertThat(stream.isFinished()).isTrue();
          assertThatThrownBy(request::getReader).isInstanceOf(IllegalStateException.class);
        },
        "application/x-www-form-urlencoded");
    form(
        "a=form",
        request -> {
          assertThat(request.getParameterValues("a")).containsExactly("query");
          assertThat(request.getReader().readLine()).isEqualTo("a=form");
          assertThatThrownBy(request::getInputStream).isInstanceOf(IllegalStateException.class);
        },
        "text/plain");
  }

  @Test
  void readsTextInItsCharset() throws Exception {
    form(
        "ä",
        request -> {
          assertThat(request.getContentLength()).isEqualTo(2);
          assertThat(request.getReader().readLine()).isEqualTo("ä");
        },
        "text/plain; charset=utf-8");
    form(
        "ä",
        request ->
            assertThat(request.getReader().readLine().getBytes(StandardCharsets.ISO_8859_1))
                .asString()
                .isEqualTo("ä"),
        "text/plain");
    form(
        "x",
        request ->
            assertThatThrownBy(request::getReader).isInstanceOf(UnsupportedEncodingException.class),
        "text/plain; charset=nonsense");
  }

  @Test
  void keepsAttributes() throws Exception {
    get(
        "/app/s",
        request -> {
          request.setAttribute("a", 1);
          request.setAttribute("b", 2);
          request.setAttribute("b", null);
          assertThat(request.getAttribute("a")).isEqualTo(1);
          assertThat(Collections.list(request.getAttributeNames())).containsExactly("a");
          request.removeAttribute("a");
          assertThat(request.getAttribute("a")).isNull();
        });
  }

  @Test
  void refusesWhatIsNotBuiltAsTheSpecificationSays() throws Exception {
    check(
        "POST",
        "/app/s",
        "x",
        request -> {
          assertThat(request.isAsyncSupported()).isFalse();
          assertThat(request.isAsyncStarted()).isFalse();
          assertThatThrownBy(request::startAsync).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.startAsync(request, null))
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(request::getAsyncContext).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.getInputStream().setReadListener(null))
              .isInstanceOf(NullPointerException.class);
          assertThatThrownBy(request::getParts).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.getPart("x")).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> request.upgrade(null)).isInstanceOf(ServletException.class);
          assertThatThrownBy(() -> request.login("a", "b")).isInstanceOf(ServletException.class);
          assertThatThrownBy(() -> request.authenticate(null)).isInstanceOf(ServletException.class);
          assertThat(request.getUserPrincipal()).isNull();
          assertThat(request.isUserInRole("admin")).isFalse();
          request.logout();
        },
        "Content-Type",
        "multipart/form-data; boundary=x");
    get(
        "/app/s",
        request -> assertThatThrownBy(request::getParts).isInstanceOf(ServletException.class));
  }

  @Test
  void hasLoopAndClassLoaderAtHand() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) -> {
              var loader = Thread.currentThread().getContextClassLoader();
              response.getWriter().print(loader == request.getServletContext().getClassLoader());
              response.getWriter().print(" " + Thread.currentThread().isVirtual());
              IOLoop.current().addCallback(() -> {});
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      Answer answer = app.get("/");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("true true");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/app/s/%2e%2e/x", "/app/s/a%2Fb", "/app/..;/x", "/app/../other", "/app/s%00"})
  void refusesSuspiciousPathsBeforeAnythingRuns(String target) throws Exception {
    var servlet = Code.servlet((request, response) -> response.getWriter().print("ran"));
    try (var app = TestApp.start("/app", ServletContainer.builder().servlet("s", servlet, "/"))) {
      assertThatThrownBy(() -> app.get(target))
          .isInstanceOfSatisfying(
              HTTPInputException.class, e -> assertThat(e.status()).isEqualTo(400));
    }
  }

  @Test
  void answersTheBareContextPathWithARedirect() throws Exception {
    var servlet = Code.servlet((request, response) -> response.getWriter().print("ran"));
    try (var app = TestApp.start("/app", ServletContainer.builder().servlet("s", servlet, "/"))) {
      Answer answer = app.get("/app?x=1");
      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.header("Location")).isEqualTo("/app/?x=1");
    }
  }

  @Test
  void countsWhatStandsInFrontOfTheTargetAsContextPath() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) ->
                response
                    .getWriter()
                    .print(request.getContextPath() + " " + request.getRequestURI()));
    try (var app = TestApp.start("/in", ServletContainer.builder().servlet("s", servlet, "/"))) {
      var connection = new FakeConnection(app.loop, true, false);
      connection.contextPath = "/war";
      app.onLoop(
          () -> {
            app.begin(connection, "GET", "/in/x", new org.waterspout.http.HTTPHeaders()).finish();
            return null;
          });
      assertThat(connection.await().text()).isEqualTo("/war/in /war/in/x");
    }
  }

  @Test
  void answersBadParametersWith400And413() throws Exception {
    var servlet = Code.servlet((request, response) -> request.getParameter("a"));
    var builder =
        ServletContainer.builder().servlet("s", servlet, "/").maxParameters(2).maxFormSize(10);
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/?a=%zz").status()).isEqualTo(400);
      assertThat(app.get("/?a=1&b=2").status()).isEqualTo(200);
      assertThat(app.get("/?a=1&b=2&c=3").status()).isEqualTo(413);
      assertThat(app.post("/", "a=12345678").status()).isEqualTo(200);
      assertThat(app.post("/", "a=123456789").status()).isEqualTo(413);
      assertThat(app.post("/", "a=%C3").status()).isEqualTo(400);
    }
  }

  @Test
  void answers400ToATextInACharsetThatNobodyKnows() throws Exception {
    var servlet = Code.servlet((request, response) -> request.getReader());
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      for (String charset : List.of("utf-9", "\"", "../x")) {
        String type = "text/plain;charset=" + charset;
        assertThat(app.send("POST", "/", "a", "Content-Type", type).status()).isEqualTo(400);
      }
    }
    assertThatThrownBy(() -> ServletContainer.builder().requestCharacterEncoding("utf-9"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ServletContainer.builder().responseCharacterEncoding("utf-9"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsAttributeListeners() throws Exception {
    var events = Collections.synchronizedList(new java.util.ArrayList<String>());
    var listener =
        new jakarta.servlet.ServletRequestAttributeListener() {
          @Override
          public void attributeAdded(jakarta.servlet.ServletRequestAttributeEvent event) {
            events.add("added " + event.getValue());
          }

          @Override
          public void attributeReplaced(jakarta.servlet.ServletRequestAttributeEvent event) {
            events.add("replaced " + event.getValue());
          }

          @Override
          public void attributeRemoved(jakarta.servlet.ServletRequestAttributeEvent event) {
            events.add("removed " + event.getValue());
          }
        };
    var servlet =
        Code.servlet(
            (request, response) -> {
              for (String value : Arrays.asList("1", "2", null)) {
                request.setAttribute("a", value);
              }
            });
    var builder = ServletContainer.builder().servlet("s", servlet, "/").listener(listener);
    try (var app = TestApp.start("", builder)) {
      app.get("/");
    }
    assertThat(events).containsExactly("added 1", "replaced 1", "removed 2");
  }
}
