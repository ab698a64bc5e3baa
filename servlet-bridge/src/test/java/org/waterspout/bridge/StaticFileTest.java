// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a WAR and of its libraries, as answers and as parts of answers. */
class StaticFileTest {
  private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String LONG = "0123456789".repeat(60);

  private static final Pattern PART =
      Pattern.compile(
          "\r\nContent-Type: text/plain\r\nContent-Range: bytes ([0-9]+)-([0-9]+)/([0-9]+)"
              + "\r\n\r\n(.*)");

  @TempDir static Path temp;
  private static TestApp app;

  @BeforeAll
  static void start() throws Exception {
    TestWar war =
        new TestWar(temp.resolve("files"))
            .webXml(
                mapping("default", "*.css")
                    + mapping("default", "/static/*")
                    + "<error-page><error-code>404</error-code>"
                    + "<location>/WEB-INF/missing.html</location></error-page>"
                    + "<welcome-file-list><welcome-file>index.html</welcome-file>"
                    + "<welcome-file>start</welcome-file><welcome-file>go.do</welcome-file>"
                    + "</welcome-file-list>")
            .file("a.txt", "0123456789")
            .file("long.txt", LONG)
            .file("sub/index.html", "<p>sub")
            .file("sub/deep/x.txt", "x")
            .file("both/index.html", "of the WAR")
            .file("a b/ä;x.txt", "odd")
            .file("style.css", "p {}")
            .file("static/x.txt", "static")
            .file("doing/x.txt", "x")
            .file("WEB-INF/missing.html", "<p>missing")
            .file("WEB-INF/page.html", "<p>page ä")
            .file("META-INF/MANIFEST.MF", "secret")
            .library(
                "1.jar",
                Map.of(
                    "META-INF/resources/lib/x.js", "of the library",
                    "META-INF/resources/lib/long.txt", LONG,
                    "META-INF/resources/lib/index.html", "<p>lib",
                    "META-INF/resources/both/index.html", "hidden",
                    "META-INF/resources/WEB-INF/page2.html", "<p>page 2"),
                Map.of());
    Files.setLastModifiedTime(war.root.resolve("a.txt"), FileTime.fromMillis(784_111_777_123L));
    app =
        TestApp.start(
            "/x",
            ServletContainer.builder()
                .war(war.root)
                .onStartFailure(OnStartFailure.FAIL)
                .servlet("dispatch", Code.servlet(StaticFileTest::dispatch), "/dispatch")
                .servlet("doing", Code.servlet(StaticFileTest::tell), "*.do")
                .filter(
                    "told",
                    Code.filter(
                        (request, response, chain) -> {
                          response.setHeader("X-URI", request.getRequestURI());
                          chain.doFilter(request, response);
                        }),
                    filter ->
                        filter.addMappingForUrlPatterns(
                            EnumSet.of(DispatcherType.REQUEST), true, "*.html")));
  }

  @AfterAll
  static void stop() throws Exception {
    app.close();
  }

  private static void tell(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.getWriter().print("doing " + request.getServletPath() + " " + request.getRequestURI());
  }

  private static void dispatch(HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    String path = request.getParameter("to");
    String how = request.getParameter("how");
    switch (how) {
      case "forward" -> request.getRequestDispatcher(path).forward(request, response);
      case "named" ->
          request.getServletContext().getNamedDispatcher("default").forward(request, response);
      case "stream" -> {
        response.getOutputStream().print("[");
        request.getRequestDispatcher(path).include(request, response);
        response.getOutputStream().print("]");
      }
      case "writer" -> {
        response.setContentType("text/html;charset=ISO-8859-1");
        response.getWriter().print("[");
        request.getRequestDispatcher(path).include(request, response);
        response.getWriter().print("]");
      }
      case "caught" -> {
        try {
          request.getRequestDispatcher(path).include(request, response);
        } catch (FileNotFoundException e) {
          response.getWriter().print("caught");
        }
      }
      default -> throw new IllegalArgumentException(how);
    }
  }

  @Test
  void answersWithAFile() throws Exception {
    Answer answer = app.get("/x/a.txt");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("0123456789");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
    assertThat(answer.header("Content-Length")).isEqualTo("10");
    assertThat(answer.header("Last-Modified")).isEqualTo(MODIFIED);
    assertThat(answer.header("ETag")).matches("\"a-[0-9a-f]+\"");
    assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");

    Answer head = app.send("HEAD", "/x/a.txt", null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("10");
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/x/lib/x.js, of the library",
    "/x/both/index.html, of the WAR",
    "/x/a%20b/%C3%A4%3Bx.txt, odd",
    "/x/style.css, p {}",
    "/x/static/x.txt, static",
    "/x/sub//index.html, <p>sub",
    "/x/a.txt;v=1?q, 0123456789"
  })
  void findsWhatIsThere(String target, String content) throws Exception {
    Answer answer = app.get(target);
    assertThat(answer.text()).isEqualTo(content);
    assertThat(answer.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x/none",
        "/x/a.txt/",
        "/x/A.TXT",
        "/x/sub/none.html",
        "/x/static/none",
      })
  void answers404WithTheErrorPageForWhatIsNot(String target) throws Exception {
    Answer answer = app.get(target, "Range", "bytes=0-1", "If-None-Match", "*");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("<p>missing");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html");
    assertThat(answer.header("Content-Range")).isNull();
  }

  static Stream<String> secrets() {
    return Stream.of(
        "/x/WEB-INF/page.html",
        "/x/web-inf/page.html",
        "/x/WEB-INF",
        "/x/WEB-INF/",
        "/x//WEB-INF/page.html",
        "/x/./WEB-INF/page.html",
        "/x/sub/../WEB-INF/page.html",
        "/x/%57EB-INF/page.html",
        "/x/%57EB%2DINF/page.html",
        "/x/WEB-INF;a=b/page.html",
        "/x/META-INF/MANIFEST.MF",
        "/x/meta-inf/MANIFEST.MF",
        "/x/WEB-INF./page.html",
        "/x/WEB-INF%20/page.html",
        "/x/static/WEB-INF/page.html",
        "/x/WEB-INF/page2.html",
        "/x/WEB-INF/lib/1.jar",
        "/x/a.txt%00.html",
        "/x/sub%2f..%2fWEB-INF/page.html",
        "/x/sub%5c..%5cWEB-INF/page.html",
        "/x/..%2f..%2fetc/passwd",
        "/x/%2e%2e/%2e%2e/etc/passwd",
        "/x/%c0%ae%c0%ae/WEB-INF/page.html",
        "/x/sub/..;/WEB-INF/page.html",
        "/x/%252e%252e/WEB-INF/page.html");
  }

  @Test
  void showsNothingPrivateAndNothingOutside() throws Exception {
    try (var server =
        new BridgeServer(
            mount(
                "/x",
                ServletContainer.builder()
                    .war(temp.resolve("files"))
                    .onStartFailure(OnStartFailure.FAIL)
                    .build()))) {
      for (String target : secrets().toList()) {
        try (var socket = server.connect()) {
          String request = "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
          socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
          String answer =
              new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(answer).as(target).matches("(?s)HTTP/1.1 (400|404) .*");
          assertThat(answer).as(target).doesNotContain("<p>page", "secret", "root:");
        }
      }
    }
  }

  @Test
  void refusesOtherMethods() throws Exception {
    for (String method : new String[] {"POST", "PUT", "DELETE", "TRACE", "PATCH", "MOVE"}) {
      Answer answer = app.send(method, "/x/a.txt", null);
      assertThat(answer.status()).as(method).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }
    Answer options = app.send("OPTIONS", "/x/a.txt", null);
    assertThat(options.status()).isEqualTo(200);
    assertThat(options.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(app.send("POST", "/x/none", null).status()).isEqualTo(404);
  }

  @Test
  void sendsTheWholeOnlyToThoseWhoHaveNot() throws Exception {
    String tag = app.get("/x/a.txt").header("ETag");
    Answer known = app.get("/x/a.txt", "If-None-Match", tag);
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    assertThat(known.header("ETag")).isEqualTo(tag);
    assertThat(app.get("/x/a.txt", "If-None-Match", "\"x\"").status()).isEqualTo(200);
    assertThat(app.get("/x/a.txt", "If-Modified-Since", MODIFIED).status()).isEqualTo(304);
    assertThat(app.get("/x/a.txt", "If-Match", "\"x\"").status()).isEqualTo(412);
    String earlier = "Sun, 06 Nov 1994 08:49:36 GMT";
    assertThat(app.get("/x/a.txt", "If-Unmodified-Since", earlier).status()).isEqualTo(412);
    assertThat(app.get("/x/a.txt", "If-Modified-Since", earlier).status()).isEqualTo(200);
  }

  @Test
  void sendsAPart() throws Exception {
    Answer part = app.get("/x/a.txt", "Range", "bytes=2-5");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("2345");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 2-5/10");
    assertThat(part.header("Content-Length")).isEqualTo("4");
    assertThat(app.get("/x/lib/x.js", "Range", "bytes=-7").text()).isEqualTo("library");

    Answer none = app.get("/x/a.txt", "Range", "bytes=10-");
    assertThat(none.status()).isEqualTo(416);
    assertThat(none.header("Content-Range")).isEqualTo("bytes */10");

    String tag = app.get("/x/a.txt").header("ETag");
    assertThat(app.get("/x/a.txt", "Range", "bytes=0-0", "If-Range", tag).text()).isEqualTo("0");
    assertThat(app.get("/x/a.txt", "Range", "bytes=0-0", "If-Range", "\"x\"").status())
        .isEqualTo(200);
    assertThat(app.send("HEAD", "/x/a.txt", null, "Range", "bytes=0-0").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/x/a.txt, '0-1,-100', 1", // 80 bytes between two parts are not worth their heads
    "/x/long.txt, '0-1,300-301,-2', 3",
    "/x/long.txt, '300-301,0-1', 2",
    "/x/lib/long.txt, ' ,500-,0-0, 9999- ', 2"
  })
  void sendsSeveralParts(String target, String ranges, int count) throws Exception {
    String whole = app.get(target).text();
    Answer answer = app.get(target, "Range", "bytes=" + ranges);
    assertThat(answer.status()).isEqualTo(206);
    if (count == 1) {
      assertThat(answer.header("Content-Range")).isNotNull();
      assertThat(answer.text()).isEqualTo(whole);
      return;
    }
    assertThat(answer.header("Content-Range")).as("of the whole").isNull();
    String type = answer.header("Content-Type");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = "\r\n--" + type.substring(type.indexOf('=') + 1);
    assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(answer.body().length));
    String[] parts = answer.text().split(boundary, -1);
    assertThat(parts).hasSize(count + 2).startsWith("").endsWith("--\r\n");
    for (int i = 1; i <= count; i++) {
      Matcher part = PART.matcher(parts[i]);
      assertThat(part.matches()).as(parts[i]).isTrue();
      int first = Integer.parseInt(part.group(1));
      int last = Integer.parseInt(part.group(2));
      assertThat(part.group(3)).isEqualTo(Integer.toString(whole.length()));
      assertThat(part.group(4)).isEqualTo(whole.substring(first, last + 1));
    }
  }

  @Test
  void sendsTheWholeToWhoAsksForTooManyParts() throws Exception {
    String ranges = "0-0" + ",200-200,400-400".repeat(20);
    Answer answer = app.get("/x/long.txt", "Range", "bytes=" + ranges);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(LONG);
    assertThat(app.get("/x/long.txt", "Range", "bytes=600-,700-").status()).isEqualTo(416);
  }

  @ParameterizedTest
  @CsvSource({
    "/x/sub, /x/sub/",
    "/x/sub?a=b&c, /x/sub/?a=b&c",
    "/x/a%20b, /x/a%20b/",
    "/x/lib, /x/lib/",
    "/x//sub, /x/sub/"
  })
  void sendsDirectoriesToTheirSlash(String target, String location) throws Exception {
    Answer answer = app.get(target);
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("http://example.org" + location);
  }

  @Test
  void answersForADirectoryWithItsWelcomeFile() throws Exception {
    Answer answer = app.get("/x/sub/");
    assertThat(answer.text()).isEqualTo("<p>sub");
    assertThat(answer.header("X-URI")).as("as if asked for").isEqualTo("/x/sub/index.html");
    assertThat(app.get("/x/lib/").text()).isEqualTo("<p>lib");
    assertThat(app.get("/x/both/?q").text()).isEqualTo("of the WAR");
    assertThat(app.get("/x/doing/").text()).isEqualTo("doing /doing/go.do /x/doing/go.do");
    assertThat(app.get("/x/nowhere/").status()).isEqualTo(404);
  }

  @Test
  void isATargetOfDispatches() throws Exception {
    Answer page = app.get("/x/dispatch?how=forward&to=/WEB-INF/page.html");
    assertThat(page.text()).isEqualTo("<p>page ä");
    assertThat(page.header("Content-Type")).isEqualTo("text/html");
    assertThat(page.header("Content-Length")).isEqualTo("10");
    assertThat(app.post("/x/dispatch", "how=forward&to=/WEB-INF/page2.html").text())
        .isEqualTo("<p>page 2");
    assertThat(app.get("/x/dispatch?how=forward&to=/sub/").text()).isEqualTo("<p>sub");
    assertThat(app.get("/x/dispatch?how=forward&to=/none").status()).isEqualTo(404);
    assertThat(app.get("/x/dispatch?how=named").status()).isEqualTo(404);
  }

  @Test
  void isAPartOfAnotherAnswer() throws Exception {
    Answer bytes =
        app.get("/x/dispatch?how=stream&to=/a.txt", "Range", "bytes=0-1", "If-None-Match", "*");
    assertThat(bytes.status()).isEqualTo(200);
    assertThat(bytes.text()).isEqualTo("[0123456789]");
    assertThat(bytes.header("ETag")).isNull();
    Answer text = app.get("/x/dispatch?how=writer&to=/WEB-INF/page.html");
    assertThat(new String(text.body(), StandardCharsets.ISO_8859_1)).isEqualTo("[<p>page ä]");
    assertThat(app.get("/x/dispatch?how=caught&to=/none").text()).isEqualTo("caught");
    assertThat(app.get("/x/dispatch?how=caught&to=/sub").text()).isEqualTo("caught");
    assertThat(app.get("/x/dispatch?how=stream&to=/none").status()).isEqualTo(500);
  }

  @Test
  void leavesTheDefaultToAServletThatWantsIt() throws Exception {
    var builder =
        ServletContainer.builder()
            .war(temp.resolve("files"))
            .onStartFailure(OnStartFailure.FAIL)
            .servlet(
                "front",
                Code.servlet(
                    (request, response) -> {
                      if (request.getParameter("own") == null) {
                        request
                            .getServletContext()
                            .getNamedDispatcher("default")
                            .forward(request, response);
                      } else {
                        response.getWriter().print("front " + request.getServletPath());
                      }
                    }),
                "/");
    try (var other = TestApp.start("", builder)) {
      assertThat(other.get("/a.txt?own").text()).isEqualTo("front /a.txt");
      assertThat(other.get("/a.txt").text()).isEqualTo("0123456789");
      assertThat(other.get("/sub/deep/").status()).as("no list").isEqualTo(404);
      assertThat(other.get("/sub/?own").text()).isEqualTo("front /sub/index.html");
      assertThat(other.get("/style.css?own").text()).isEqualTo("p {}");
    }
  }
}
