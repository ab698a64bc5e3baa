// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.Cookie;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErrorTest {
  private final List<LogRecord> logged = Collections.synchronizedList(new ArrayList<>());
  private final Logger logger = Logger.getLogger("org.waterspout.application");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
          logged.add(logRecord);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private static ServletContainer.Builder failing(Code.Service service) {
    return ServletContainer.builder().servlet("bad", Code.servlet(service), "/bad/*");
  }

  private static Answer run(Code.Service service) throws Exception {
    try (var app = TestApp.start("", failing(service))) {
      return app.get("/bad/x");
    }
  }

  @Test
  void answersAnExceptionWith500AndLogsItOnce() throws Exception {
    Answer answer =
        run(
            (request, response) -> {
              response.setHeader("ETag", "\"gone\"");
              response.setHeader("X-Kept", "1");
              response.addCookie(new Cookie("a", "kept"));
              response.setContentLength(3);
              response.getOutputStream().print("12");
              throw new IllegalArgumentException("secret");
            });

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.cut()).isFalse();
    assertThat(answer.text())
        .contains("500", "Internal Server Error")
        .doesNotContain("secret", "Exception", "12<");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(answer.header("ETag")).isNull();
    assertThat(answer.header("X-Kept")).isEqualTo("1");
    assertThat(answer.cookies()).containsExactly("a=kept");
    assertThat(logged).hasSize(1);
    assertThat(logged.getFirst().getThrown()).hasMessage("secret");
  }

  @Test
  void answersAnErrorWith500() throws Exception {
    Answer answer =
        run(
            (request, response) -> {
              throw new StackOverflowError();
            });

    assertThat(answer.status()).isEqualTo(500);
    assertThat(logged).hasSize(1);
  }

  @Test
  void cutsWhatWasCommittedBeforeAnException() throws Exception {
    Answer answer =
        run(
            (request, response) -> {
              response.getWriter().print("part");
              response.flushBuffer();
              throw new IOException("on purpose");
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("part");
    assertThat(answer.cut()).isTrue();
    assertThat(logged).hasSize(1);
  }

  @Test
  void sendsErrorsWithEscapedMessages() throws Exception {
    Answer answer =
        run(
            (request, response) -> {
              response.getWriter().print("gone");
              response.sendError(409, "<b>");
              response.getWriter().print("ignored");
              assertThat(response.isCommitted()).isTrue();
            });

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).contains("&lt;b&gt;").doesNotContain("gone", "ignored", "<b>");
    assertThat(logged).isEmpty();
  }

  @Test
  void doesNotTouchAnErrorStatusThatWasSet() throws Exception {
    Answer answer =
        run(
            (request, response) -> {
              response.setStatus(404);
              response.getWriter().print("mine");
            });

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("mine");
  }

  private static ServletContainer.Builder withPages(Code.Service service) {
    return failing(service)
        .servlet(
            "page",
            Code.servlet(
                (request, response) -> {
                  assertThat(request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI))
                      .isEqualTo("/bad/x");
                  response
                      .getWriter()
                      .print(
                          String.join(
                              "|",
                              request.getDispatcherType().name(),
                              request.getMethod(),
                              request.getServletPath(),
                              "" + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE),
                              "" + request.getAttribute(RequestDispatcher.ERROR_MESSAGE),
                              "" + request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI),
                              "" + request.getAttribute(RequestDispatcher.ERROR_QUERY_STRING),
                              "" + request.getAttribute(RequestDispatcher.ERROR_METHOD),
                              "" + request.getAttribute(RequestDispatcher.ERROR_SERVLET_NAME),
                              "" + request.getAttribute(RequestDispatcher.ERROR_EXCEPTION),
                              "" + request.getAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE)));
                }),
            "/404",
            "/io",
            "/any")
        .errorPage(404, "/404")
        .errorPage(IOException.class, "/io")
        .errorPage("/any");
  }

  @Test
  void showsThePageForAStatus() throws Exception {
    try (var app =
        TestApp.start("", withPages((request, response) -> response.sendError(404, "lost")))) {
      Answer answer = app.post("/bad/x?q", "a=b");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text()).isEqualTo("ERROR|GET|/404|404|lost|/bad/x|q|POST|bad|null|null");
    }
  }

  @Test
  void showsThePageForTheNearestExceptionAndForACause() throws Exception {
    try (var app =
        TestApp.start(
            "",
            withPages(
                (request, response) -> {
                  var failure = new FileNotFoundException("f");
                  throw request.getQueryString() == null ? failure : new ServletException(failure);
                }))) {
      Answer answer = app.get("/bad/x");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text())
          .isEqualTo(
              "ERROR|GET|/io|500|f|/bad/x|null|GET|bad|java.io.FileNotFoundException: f|"
                  + "class java.io.FileNotFoundException");
      // Section 10.9.2: the page is shown what it was found by.
      assertThat(app.get("/bad/x?wrapped").text())
          .isEqualTo(
              "ERROR|GET|/io|500|f|/bad/x|wrapped|GET|bad|java.io.FileNotFoundException: f|"
                  + "class java.io.FileNotFoundException");
    }
  }

  @Test
  void showsThePageForEverythingElse() throws Exception {
    try (var app = TestApp.start("", withPages((request, response) -> response.sendError(418)))) {
      assertThat(app.get("/bad/x").text()).startsWith("ERROR|GET|/any|418||");
    }
  }

  @Test
  void showsTheErrorThatAPageAsksFor() throws Exception {
    var builder =
        failing((request, response) -> response.sendError(418))
            .servlet(
                "page",
                Code.servlet((request, response) -> response.sendError(410, "for good")),
                "/page")
            .errorPage(418, "/page");
    try (var app = TestApp.start("", builder)) {
      Answer answer = app.get("/bad/x");
      assertThat(answer.status()).isEqualTo(410);
      assertThat(answer.text()).contains("for good");
    }
  }

  @Test
  void showsItsOwnPageIfThePageFails() throws Exception {
    var builder =
        failing((request, response) -> response.sendError(418)).errorPage(418, "/bad/page");
    try (var app = TestApp.start("", builder)) {
      Answer answer = app.get("/bad/x");
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.text()).contains("Teapot");
    }
    var throwing =
        failing((request, response) -> response.sendError(418))
            .servlet(
                "page",
                Code.servlet(
                    (request, response) -> {
                      response.getWriter().print("half a page");
                      throw new IllegalStateException("page");
                    }),
                "/page")
            .errorPage(418, "/page");
    try (var app = TestApp.start("", throwing)) {
      Answer answer = app.get("/bad/x");
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.text()).contains("Teapot").doesNotContain("half");
    }
  }

  @Test
  void takesAServletOutOfServiceForGoodOrForAWhile() throws Exception {
    var destroyed = new ArrayList<String>();
    var servlet =
        new jakarta.servlet.http.HttpServlet() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void doGet(
              jakarta.servlet.http.HttpServletRequest request,
              jakarta.servlet.http.HttpServletResponse response)
              throws ServletException {
            throw request.getQueryString() == null
                ? new UnavailableException("for good")
                : new UnavailableException("for a while", 100);
          }

          @Override
          public void destroy() {
            destroyed.add("destroyed");
          }
        };
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/*"))) {
      Answer answer = app.get("/x?later");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("100");
      assertThat(app.get("/x").status()).as("not asked again for a while").isEqualTo(503);
    }
    destroyed.clear();
    try (var app = TestApp.start("", ServletContainer.builder().servlet("s", servlet, "/*"))) {
      assertThat(app.get("/x").status()).isEqualTo(404);
      assertThat(destroyed).hasSize(1);
      assertThat(app.get("/x?later").status()).isEqualTo(404);
    }
    assertThat(destroyed).as("destroyed once").hasSize(1);
  }
}
