// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

/** Forward and include of wrapped requests and answers, and what comes of the answer. */
class WrappedDispatchTest {
  private static ServletContainer.Builder from(Code.Service from) {
    return ServletContainer.builder().servlet("from", Code.servlet(from), "/from/*");
  }

  @Test
  void keepsWrappersThatAreNotOfHTTP() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "a",
                Code.servlet(
                    (request, response) -> {
                      var outer = new ServletRequestWrapper(new ServletRequestWrapper(request));
                      var out = new ServletResponseWrapper(response);
                      RequestDispatcher target = request.getRequestDispatcher("/b?x=1");
                      if (request.getParameter("include") != null) {
                        target.include(outer, out);
                      } else {
                        target.forward(outer, out);
                      }
                      assertThat(outer.getParameter("x")).as("as before").isNull();
                    }),
                "/a")
            .servlet(
                "b",
                new GenericServlet() {
                  private static final long serialVersionUID = 1L;

                  @Override
                  public void service(ServletRequest request, ServletResponse response)
                      throws IOException {
                    assertThat(request).isNotInstanceOf(HttpServletRequest.class);
                    response
                        .getWriter()
                        .print(request.getDispatcherType() + request.getParameter("x"));
                  }
                },
                "/b");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/a").text()).isEqualTo("FORWARD1");
      assertThat(app.get("/a?include=1").text()).isEqualTo("INCLUDE1");
    }
  }

  @Test
  void passesWrappersOn() throws Exception {
    var builder =
        from((request, response) -> {
              var wrapped =
                  new HttpServletRequestWrapper(request) {
                    @Override
                    public String getHeader(String name) {
                      return "wrapped " + super.getHeader(name);
                    }
                  };
              var written = new CharArrayWriter();
              var captured =
                  new HttpServletResponseWrapper(response) {
                    @Override
                    public PrintWriter getWriter() {
                      return new PrintWriter(written);
                    }
                  };
              request.getRequestDispatcher("/echo").include(wrapped, captured);
              response.getWriter().print("[" + written + "]");
            })
            .servlet(
                "echo",
                Code.servlet(
                    (request, response) -> response.getWriter().print(request.getHeader("Host"))),
                "/echo");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/from/x").text()).isEqualTo("[wrapped example.org]");
    }
  }

  @Test
  void ignoresWhatAnIncludedServletDoesToTheHead() throws Exception {
    var builder =
        from((request, response) -> {
              response.setContentType("text/plain");
              response.setHeader("X-A", "mine");
              request.getRequestDispatcher("/rude").include(request, response);
              response.getWriter().print(" and mine");
            })
            .servlet(
                "rude",
                Code.servlet(
                    (request, response) -> {
                      response.setStatus(500);
                      response.setHeader("X-A", "theirs");
                      response.addHeader("X-B", "theirs");
                      response.setIntHeader("X-C", 1);
                      response.setDateHeader("X-D", 1);
                      response.setContentType("text/html;charset=UTF-16");
                      response.setCharacterEncoding("UTF-16");
                      response.setContentLength(3);
                      response.addCookie(new Cookie("a", "b"));
                      response.sendRedirect("/elsewhere");
                      response.sendError(404);
                      response.reset();
                      request.getSession();
                      response.getWriter().print("theirs");
                    }),
                "/rude");
    try (var app = TestApp.start("/app", builder)) {
      Answer answer = app.get("/app/from/x");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("theirs and mine");
      assertThat(answer.header("X-A")).isEqualTo("mine");
      assertThat(answer.header("X-B")).isNull();
      assertThat(answer.header("Content-Type")).isEqualTo("text/plain;charset=ISO-8859-1");
      assertThat(answer.cookies()).as("sessions still work").hasSize(1);
    }
  }

  @Test
  void addsNothingToAnAnswerThatTheTargetLeavesEmpty() throws Exception {
    for (boolean wrapped : new boolean[] {false, true}) {
      var builder =
          ServletContainer.builder()
              .servlet(
                  "empty",
                  Code.servlet((request, response) -> response.setContentType("text/plain")),
                  "/empty")
              .servlet(
                  "from",
                  Code.servlet(
                      (request, response) -> {
                        var target = request.getRequestDispatcher("/empty");
                        target.forward(
                            request, wrapped ? new HttpServletResponseWrapper(response) : response);
                        assertThat(response.isCommitted()).isTrue();
                      }),
                  "/from");
      try (var app = TestApp.start("", builder)) {
        Answer answer = app.get("/from");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.body()).isEmpty();
      }
    }
  }

  @Test
  void leavesWhatAWrapperHoldsToTheWrapper() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet(
                "text",
                Code.servlet((request, response) -> response.getWriter().print("text")),
                "/text")
            .servlet(
                "from",
                Code.servlet(
                    (request, response) -> {
                      var held = new CharArrayWriter();
                      var holding =
                          new HttpServletResponseWrapper(response) {
                            private final PrintWriter writer = new PrintWriter(held);

                            @Override
                            public PrintWriter getWriter() {
                              return writer;
                            }

                            @Override
                            public ServletOutputStream getOutputStream() {
                              throw new IllegalStateException("the writer has been taken");
                            }
                          };
                      request.getRequestDispatcher("/text").forward(request, holding);
                      response.getWriter().print("held " + held);
                    }),
                "/from");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/from").text()).isEqualTo("held text");
    }
  }
}
