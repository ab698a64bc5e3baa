// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of what a servlet writes, and when it leaves. */
class ResponseTest {
  /** What a servlet does. */
  interface Action {
    void run(HttpServletResponse response) throws Exception;
  }

  static Answer run(Action action, boolean lends) throws Exception {
    return run("GET", action, lends);
  }

  static Answer run(String method, Action action, boolean lends) throws Exception {
    var failure = new AtomicReference<Throwable>();
    var servlet =
        Code.servlet(
            (request, response) -> {
              try {
                action.run(response);
              } catch (AssertionError e) {
                failure.set(e);
              }
            });
    var builder =
        ServletContainer.builder().servlet("s", servlet, "/*").localeEncoding("ja", "Shift_JIS");
    try (var app = TestApp.start("/app", builder)) {
      app.lends = lends;
      Answer answer = app.send(method, "/app/x", null);
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
      return answer;
    }
  }

  static Answer run(Action action) throws Exception {
    Answer posted = run(action, false);
    Answer lent = run(action, true);
    assertThat(posted.text()).isEqualTo(lent.text());
    assertThat(posted.headers()).hasToString(lent.headers().toString());
    return lent;
  }

  @Test
  void sendsALengthIfTheWholeAnswerFitsTheBuffer() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setContentType("text/plain;charset=UTF-8");
              response.getWriter().print("grüße");
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("grüße");
    assertThat(answer.header("Content-Length")).isEqualTo("7");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
  }

  @Test
  void sendsNoLengthIfItIsLarger() throws Exception {
    String text = "0123456789abcdef".repeat(4096);
    Answer answer = run(response -> response.getWriter().print(text));

    assertThat(answer.text()).isEqualTo(text);
    assertThat(answer.header("Content-Length")).isNull();
    assertThat(answer.header("Content-Type")).isNull();
  }

  @Test
  void writesBytesInEveryWay() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setBufferSize(300);
              var out = response.getOutputStream();
              for (int i = 0; i < 20_000; i++) {
                out.write('a');
              }
              out.write(new byte[40_000]);
              out.write(java.nio.ByteBuffer.wrap(new byte[40_000]));
              out.print("end");
            });

    assertThat(answer.body()).hasSize(100_003).startsWith("aaaa".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.text()).endsWith("end");
  }

  @Test
  void keepsSurrogatePairsTogether() throws Exception {
    String pair = "\ud83c\udf2a";
    Answer answer =
        run(
            response -> {
              response.setCharacterEncoding("UTF-8");
              var writer = response.getWriter();
              writer.write(pair.charAt(0));
              writer.write(pair.charAt(1));
              writer.write("a" + pair.charAt(0));
              writer.write(pair.charAt(1) + "b");
              writer.write(pair.charAt(0));
              writer.write("c");
              writer.write(pair.repeat(10_000));
              writer.write(pair.charAt(0));
            });

    assertThat(answer.text()).isEqualTo(pair + "a" + pair + "b?c" + pair.repeat(10_000) + "?");
  }

  @Test
  void endsStatefulCharsetsProperly() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setContentType("text/plain;charset=ISO-2022-JP");
              response.getWriter().print("日本");
            });

    assertThat(new String(answer.body(), "ISO-2022-JP")).isEqualTo("日本");
    assertThat(answer.body()).endsWith("\u001b(B".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void keepsWriterAndStreamApart() throws Exception {
    run(
        response -> {
          response.getWriter();
          assertThatThrownBy(response::getOutputStream).isInstanceOf(IllegalStateException.class);
          response.reset();
          response.getOutputStream();
          assertThatThrownBy(response::getWriter).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void forgetsWhatIsResetBeforeTheCommit() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setHeader("X-A", "1");
              response.setStatus(201);
              response.getWriter().print("gone\ud83c");
              response.resetBuffer();
              response.getWriter().print("kept");
              assertThat(response.isCommitted()).isFalse();
            });

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("X-A")).isEqualTo("1");
    assertThat(answer.text()).endsWith("kept").doesNotContain("gone");

    Answer reset =
        run(
            response -> {
              response.setHeader("X-A", "1");
              response.setStatus(201);
              response.getWriter().print("gone");
              response.reset();
              response.getOutputStream().print("kept");
            });
    assertThat(reset.status()).isEqualTo(200);
    assertThat(reset.header("X-A")).isNull();
    assertThat(reset.text()).isEqualTo("kept");
  }

  @Test
  void ignoresOrRefusesChangesAfterTheCommit() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setHeader("X-A", "1");
              response.getWriter().print("a");
              response.flushBuffer();
              assertThat(response.isCommitted()).isTrue();
              response.setHeader("X-A", "2");
              response.addHeader("X-A", "2");
              response.addCookie(new Cookie("a", "b"));
              response.setStatus(500);
              response.setContentType("text/html");
              response.setContentLength(5);
              response.setLocale(Locale.GERMAN);
              assertThatThrownBy(response::reset).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(response::resetBuffer).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> response.sendError(500))
                  .isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> response.sendRedirect("/x"))
                  .isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> response.setBufferSize(1))
                  .isInstanceOf(IllegalStateException.class);
              response.getWriter().print("b");
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-A")).isEqualTo("1");
    assertThat(answer.cookies()).isEmpty();
    assertThat(answer.text()).isEqualTo("ab");
  }

  @Test
  void endsTheAnswerWhenTheAnnouncedLengthIsReached() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setContentLength(4);
              response.getOutputStream().print("123");
              assertThat(response.isCommitted()).isFalse();
              response.getOutputStream().print("456");
              assertThat(response.isCommitted()).isTrue();
              response.getOutputStream().print("789");
              response.flushBuffer();
            });

    assertThat(answer.text()).isEqualTo("1234");
    assertThat(answer.cut()).isFalse();
  }

  @Test
  void cutsAnAnswerThatIsShorterThanAnnounced() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setHeader("content-length", "10");
              response.getWriter().print("123");
            });

    assertThat(answer.cut()).isTrue();
  }

  @Test
  void sendsNoBodyWhereThereCanBeNone() throws Exception {
    for (int status : new int[] {204, 304}) {
      Answer answer =
          run(
              response -> {
                response.setStatus(status);
                response.getWriter().print("x".repeat(100_000));
              });
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("Content-Length")).isNull();
    }
  }

  @Test
  void answersHeadAsGetWithItsLength() throws Exception {
    Action action = response -> response.getWriter().print("hello");
    Answer answer = run("HEAD", action, true);

    assertThat(answer.header("Content-Length")).isEqualTo("5");
    assertThat(answer.body()).isEmpty();
    assertThat(answer.cut()).isFalse();
  }

  @Test
  void redirectsToAnAbsoluteURL() throws Exception {
    Answer answer =
        run(
            response -> {
              response.getWriter().print("gone");
              response.sendRedirect("../ä b?q=<x>");
              assertThat(response.isCommitted()).isTrue();
              response.getWriter().print("ignored");
              response.setHeader("X-Late", "1");
            });

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("http://example.org/%C3%A4%20b?q=<x>");
    assertThat(answer.text()).contains("&lt;x&gt;").doesNotContain("gone", "ignored", "<x>");
    assertThat(answer.header("X-Late")).isNull();
  }

  @Test
  void resolvesRedirectsUnlessTheMountLeavesThatToTheClient() throws Exception {
    try (var app = TestApp.start("/app", redirecting())) {
      assertThat(app.get("/app/s/x?to=../y").header("Location"))
          .isEqualTo("http://example.org/app/y");
      assertThat(app.get("/app/s/x?to=/y").header("Location")).isEqualTo("http://example.org/y");
      assertThat(app.get("/app/s/x?to=https://other.example/").header("Location"))
          .isEqualTo("https://other.example/");
    }
    try (var app = TestApp.start("/app", redirecting().absoluteRedirects(false))) {
      assertThat(app.get("/app/s/x?to=../y").header("Location")).isEqualTo("../y");
    }
  }

  private static ServletContainer.Builder redirecting() {
    var servlet =
        Code.servlet((request, response) -> response.sendRedirect(request.getParameter("to")));
    return ServletContainer.builder().servlet("s", servlet, "/s/*");
  }

  @Test
  void redirectsWithEveryOverload() throws Exception {
    assertThat(run(response -> response.sendRedirect("x", 308)).status()).isEqualTo(308);
    Answer kept =
        run(
            response -> {
              response.getWriter().print("mine");
              response.sendRedirect("x", false);
            });
    assertThat(kept.status()).isEqualTo(302);
    assertThat(kept.text()).isEqualTo("mine");
  }

  @Test
  void writesBuffersAndTakesACharset() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setContentType("text/plain");
              response.setCharacterEncoding(StandardCharsets.UTF_16BE);
              var buffer = ByteBuffer.wrap("xäöüx".getBytes(StandardCharsets.UTF_16BE));
              response.getOutputStream().write(buffer.position(2).limit(8));
              assertThat(buffer.hasRemaining()).isFalse();
            });
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=UTF-16BE");
    assertThat(new String(answer.body(), StandardCharsets.UTF_16BE)).isEqualTo("äöü");
  }

  @Test
  void redirectsWithAnotherStatusAndTheServletsOwnText() throws Exception {
    Answer answer =
        run(
            response -> {
              response.getWriter().print("my own");
              response.sendRedirect("https://example.org/", 307, false);
            });

    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("Location")).isEqualTo("https://example.org/");
    assertThat(answer.text()).isEqualTo("my own");
  }

  @Test
  void sendsTrailersWhereTheyAreOffered() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) -> {
              response.getWriter().print("abc");
              response.setTrailerFields(() -> Map.of("X-Sum", "1"));
            });
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      app.lends = false;
      var connection = app.open("GET", "/", null);
      Answer answer = connection.await();
      assertThat(answer.text()).isEqualTo("abc");
      assertThat(answer.header("Content-Length")).isNull();
      assertThat(connection.trailers.getAll()).containsExactly(Map.entry("X-Sum", "1"));
    }
    run(
        response ->
            assertThatThrownBy(() -> response.setTrailerFields(() -> null))
                .isInstanceOf(IllegalStateException.class),
        true);
  }

  @Test
  void refusesWhatIsNotBuilt() throws Exception {
    run(
        response -> {
          assertThatThrownBy(
                  () ->
                      response
                          .getOutputStream()
                          .setWriteListener(
                              new jakarta.servlet.WriteListener() {
                                @Override
                                public void onWritePossible() {}

                                @Override
                                public void onError(Throwable failure) {}
                              }))
              .isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void servesTheMethodsOfAnHttpServlet() throws Exception {
    var servlet =
        new HttpServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getWriter().print("got");
          }

          @Override
          protected long getLastModified(HttpServletRequest request) {
            return 784_111_777_000L;
          }
        };
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/"))) {
      assertThat(app.get("/").header("Last-Modified")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
      assertThat(app.get("/", "If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT").status())
          .isEqualTo(304);
      assertThat(app.send("HEAD", "/", null).header("Content-Length")).isEqualTo("3");
      assertThat(app.send("DELETE", "/", null).status()).isEqualTo(405);
      assertThat(app.send("OPTIONS", "/", null).header("Allow")).contains("GET", "HEAD", "OPTIONS");
    }
  }

  @Test
  void sendsNoLengthForAHeadThatWritesNothing() throws Exception {
    Answer answer = run("HEAD", response -> response.setHeader("X", "y"), true);

    assertThat(answer.header("Content-Length")).isNull();
    assertThat(answer.cut()).isFalse();
  }
}
