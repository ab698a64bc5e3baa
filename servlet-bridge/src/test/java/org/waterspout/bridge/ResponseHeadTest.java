// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.ResponseTest.run;

import jakarta.servlet.http.Cookie;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of status, headers and charset that a servlet sets. */
class ResponseHeadTest {
  @Test
  void knowsTheCharsetsOfLocalesThatTheApplicationSaysNothingOf() throws Exception {
    var builder =
        ServletContainer.builder()
            .localeEncoding("ko", "UTF-8")
            .servlet(
                "s",
                Code.servlet(
                    (request, response) -> {
                      response.setLocale(Locale.forLanguageTag(request.getParameter("l")));
                      response.getOutputStream().print(response.getCharacterEncoding());
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      for (String[] each :
          new String[][] {
            {"ja", "Shift_JIS"},
            {"zh-CN", "GB2312"},
            {"zh-TW", "Big5"},
            {"ko-KR", "UTF-8"},
            {"fr", "ISO-8859-1"}
          }) {
        assertThat(app.get("/?l=" + each[0]).text()).isEqualTo(each[1]);
      }
    }
  }

  @Test
  void choosesTheCharsetAsTheSpecificationSays() throws Exception {
    run(
        response -> {
          assertThat(response.getCharacterEncoding()).isEqualTo("ISO-8859-1");
          assertThat(response.getContentType()).isNull();
          response.setContentType("text/html");
          assertThat(response.getContentType()).isEqualTo("text/html");
          response.setLocale(Locale.JAPAN);
          assertThat(response.getContentType()).isEqualTo("text/html;charset=Shift_JIS");
          assertThat(response.getHeader("Content-Language")).isEqualTo("ja-JP");
          response.setCharacterEncoding("UTF-16");
          response.setLocale(Locale.JAPAN);
          assertThat(response.getCharacterEncoding()).isEqualTo("UTF-16");
          response.setCharacterEncoding((String) null);
          assertThat(response.getCharacterEncoding()).isEqualTo("ISO-8859-1");
          response.setContentType("text/xml; charset=\"utf-8\"; v=1");
          assertThat(response.getContentType()).isEqualTo("text/xml; v=1;charset=utf-8");
          response.getWriter();
          response.setCharacterEncoding("UTF-16");
          response.setContentType("text/plain;charset=UTF-16");
          assertThat(response.getContentType()).isEqualTo("text/plain;charset=utf-8");
          response.reset();
          assertThat(response.getContentType()).isNull();
          response.setContentType("text/plain;charset=nonsense");
          assertThatThrownBy(response::getWriter)
              .isInstanceOf(java.io.UnsupportedEncodingException.class);
          response.setContentType(null);
          assertThat(response.getHeaderNames()).isEmpty();
          assertThat(response.getLocale()).isEqualTo(Locale.getDefault());
        });
  }

  @Test
  void namesTheCharsetOnceAWriterIsUsed() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setContentType("text/plain");
              response.getWriter().print("ä€");
            });

    assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=ISO-8859-1");
    assertThat(answer.body()).containsExactly(0xe4, '?');
  }

  @Test
  void setsAndAddsHeaders() throws Exception {
    Answer answer =
        run(
            response -> {
              response.addHeader("X-A", "1");
              response.addIntHeader("x-a", 2);
              response.setDateHeader("X-Date", 784_111_777_000L);
              response.setIntHeader("X-Int", 7);
              response.setHeader("X-Gone", "1");
              response.setHeader("X-Gone", null);
              response.setHeader(null, "x");
              response.addHeader(null, "x");
              response.addHeader("X-Null", null);
              response.setHeader("X-Uni", "ä€");
              response.setHeader("Transfer-Encoding", "chunked");
              assertThat(response.getHeaders("X-A")).containsExactly("1", "2");
              assertThat(response.getHeader("X-A")).isEqualTo("1");
              assertThat(response.containsHeader("x-int")).isTrue();
              assertThat(response.getHeaderNames())
                  .containsExactly("X-A", "X-Date", "X-Int", "X-Uni");
            });

    assertThat(answer.headers().getList("X-A")).containsExactly("1", "2");
    assertThat(answer.header("X-Date")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(answer.header("X-Uni")).isEqualTo("ä?");
    assertThat(answer.header("Transfer-Encoding")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u0000b"})
  void refusesHeadersThatSplitTheMessage(String value) throws Exception {
    Answer answer =
        run(
            response -> {
              assertThatThrownBy(() -> response.setHeader("X-A", value))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> response.addHeader(value, "x"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> response.setContentType(value))
                  .isInstanceOf(IllegalArgumentException.class);
              response.setContentType(null);
              assertThatThrownBy(() -> response.sendRedirect("/" + value))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> response.addCookie(new Cookie("a", value)))
                  .isInstanceOf(IllegalArgumentException.class);
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().toString()).doesNotContain("Evil");
  }

  @Test
  void takesAnyStatusButEndsWithNoneThatIsOnlyInformation() throws Exception {
    Answer fine =
        run(
            response -> {
              response.setStatus(100);
              assertThat(response.getStatus()).isEqualTo(100);
              response.setStatus(201);
            });
    assertThat(fine.status()).isEqualTo(201);
    Answer cut = run(response -> response.setStatus(100));
    assertThat(cut.cut() || cut.status() == 500).isTrue();
  }

  @Test
  void ignoresHeadersWithoutNameAndRemovesThoseSetToNull() throws Exception {
    Answer answer =
        run(
            response -> {
              response.setHeader("", "x");
              response.addHeader("", "x");
              response.setHeader(null, "x");
              response.addHeader(null, "x");
              response.setIntHeader("", 1);
              response.setDateHeader("", 1);
              response.addHeader("X-A", null);
              response.setHeader("X-B", "");
              response.setHeader("X-C", "c");
              response.addHeader("X-C", null);
              response.setHeader("X-D", "d");
              response.setHeader("X-D", null);
            });
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().names()).contains("X-B", "X-C").doesNotContain("X-A", "X-D");
    assertThat(answer.header("X-B")).isEmpty();
  }

  @Test
  void sendsCookies() throws Exception {
    Answer answer =
        run(
            response -> {
              var cookie = new Cookie("a", "1");
              cookie.setPath("/x");
              cookie.setAttribute("SameSite", "None");
              response.addCookie(cookie);
              response.addCookie(new Cookie("b", "2"));
            });

    assertThat(answer.cookies()).hasSize(2).contains("b=2");
    assertThat(answer.cookies().getFirst())
        .startsWith("a=1; ")
        .contains("Path=/x", "SameSite=None");
  }
}
