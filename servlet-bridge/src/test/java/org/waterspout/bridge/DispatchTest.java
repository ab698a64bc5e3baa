// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.CharArrayWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Forward and include, by path and by name. */
class DispatchTest {
  /** Reports what a target sees: path elements, then the attributes of dispatches. */
  private static void report(HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    String attributes =
        Collections.list(request.getAttributeNames()).stream()
            .sorted()
            .map(name -> name + "=" + text(request.getAttribute(name)))
            .collect(Collectors.joining("\n"));
    response
        .getWriter()
        .print(
            String.join(
                "\n",
                request.getDispatcherType() + " " + request.getMethod(),
                request.getRequestURL() + " " + request.getRequestURI(),
                request.getContextPath()
                    + "|"
                    + request.getServletPath()
                    + "|"
                    + request.getPathInfo()
                    + "|"
                    + request.getQueryString(),
                request.getHttpServletMapping().getPattern(),
                "p="
                    + text(request.getParameterValues("p"))
                    + " "
                    + String.join(",", Collections.list(request.getParameterNames())),
                attributes));
  }

  private static String text(Object value) {
    return switch (value) {
      case HttpServletMapping mapping -> mapping.getPattern();
      case String[] array -> String.join(",", array);
      case null -> "null";
      default -> value.toString();
    };
  }

  private static ServletContainer.Builder app(Code.Service from) {
    return ServletContainer.builder()
        .servlet("from", Code.servlet(from), "/from/*")
        .servlet("target", Code.servlet(DispatchTest::report), "/target/*");
  }

  private static String run(Code.Service from) throws Exception {
    try (var app = TestApp.start("/app", app(from))) {
      Answer answer = app.get("/app/from/a%20b?p=1&q=2");
      assertThat(answer.status()).isEqualTo(200);
      return answer.text();
    }
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
  void keepsTheURIThatADispatcherWasAskedFor() throws Exception {
    String forwarded =
        run(
            (request, response) ->
                request.getRequestDispatcher("/target/b/../a%20c;v=1").forward(request, response));
    assertThat(forwarded)
        .contains("http://example.org/app/target/b/../a%20c;v=1 /app/target/b/../a%20c;v=1\n")
        .contains("/app|/target|/a c|");
    String unencoded =
        run(
            (request, response) ->
                request.getRequestDispatcher("/target/a \u00fc").forward(request, response));
    assertThat(unencoded).contains(" /app/target/a%20%C3%BC\n");
  }

  @Test
  void forwardsByPath() throws Exception {
    String seen =
        run(
            (request, response) -> {
              response.getWriter().print("forgotten");
              request.getRequestDispatcher("/target/x y?p=0&r=3").forward(request, response);
              response.getWriter().print("too late");
            });

    assertThat(seen)
        .isEqualTo(
            """
            FORWARD GET
            http://example.org/app/target/x%20y /app/target/x%20y
            /app|/target|/x y|p=0&r=3
            /target/*
            p=0,1 p,r,q
            jakarta.servlet.forward.context_path=/app
            jakarta.servlet.forward.mapping=/from/*
            jakarta.servlet.forward.path_info=/a b
            jakarta.servlet.forward.query_string=p=1&q=2
            jakarta.servlet.forward.request_uri=/app/from/a%20b
            jakarta.servlet.forward.servlet_path=/from\
            """);
  }

  @Test
  void forwardsByName() throws Exception {
    String seen =
        run(
            (request, response) ->
                request
                    .getServletContext()
                    .getNamedDispatcher("target")
                    .forward(request, response));

    assertThat(seen)
        .isEqualTo(
            """
            FORWARD GET
            http://example.org/app/from/a%20b /app/from/a%20b
            /app|/from|/a b|p=1&q=2
            /from/*
            p=1 p,q
            """);
  }

  @Test
  void includesByPath() throws Exception {
    String seen =
        run(
            (request, response) -> {
              response.getWriter().print("before ");
              request
                  .getServletContext()
                  .getRequestDispatcher("/target/z?p=0")
                  .include(request, response);
              response.getWriter().print("\nafter " + request.getParameter("p"));
              assertThat(request.getAttribute(RequestDispatcher.INCLUDE_REQUEST_URI)).isNull();
            });

    assertThat(seen)
        .isEqualTo(
            """
            before INCLUDE GET
            http://example.org/app/from/a%20b /app/from/a%20b
            /app|/from|/a b|p=1&q=2
            /from/*
            p=0,1 p,q
            jakarta.servlet.include.context_path=/app
            jakarta.servlet.include.mapping=/target/*
            jakarta.servlet.include.path_info=/z
            jakarta.servlet.include.query_string=p=0
            jakarta.servlet.include.request_uri=/app/target/z
            jakarta.servlet.include.servlet_path=/target
            after 1\
            """);
  }

  @Test
  void includesByNameWithoutAttributes() throws Exception {
    String seen =
        run(
            (request, response) ->
                request
                    .getServletContext()
                    .getNamedDispatcher("target")
                    .include(request, response));

    assertThat(seen).startsWith("INCLUDE GET").doesNotContain("jakarta.servlet.include");
  }

  @Test
  void keepsTheFirstRequestThroughManyDispatches() throws Exception {
    var builder =
        app((request, response) -> request.getRequestDispatcher("/two").forward(request, response))
            .servlet(
                "two",
                Code.servlet(
                    (request, response) ->
                        request.getRequestDispatcher("/three?z").include(request, response)),
                "/two")
            .servlet(
                "three",
                Code.servlet(
                    (request, response) ->
                        request.getRequestDispatcher("/target/end").forward(request, response)),
                "/three");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/from/1?p=1").text())
          .startsWith("FORWARD")
          .contains("forward.request_uri=/app/from/1", "forward.query_string=p=1")
          .doesNotContain("include");
    }
  }

  @Test
  void resolvesRelativePathsAgainstTheCurrentOne() throws Exception {
    var builder =
        app((request, response) ->
                request.getRequestDispatcher("../target/sub/x").forward(request, response))
            .servlet(
                "second",
                Code.servlet(
                    (request, response) ->
                        request.getRequestDispatcher("x").forward(request, response)),
                "/target/sub/*")
            .servlet(
                "escape",
                Code.servlet(
                    (request, response) ->
                        response
                            .getWriter()
                            .print(
                                request.getRequestDispatcher("../../x")
                                    + " "
                                    + request.getServletContext().getRequestDispatcher("x")
                                    + " "
                                    + request.getRequestDispatcher("/a/%2e%2e/b")
                                    + " "
                                    + request.getServletContext().getNamedDispatcher("nobody"))),
                "/escape");
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/escape").text()).isEqualTo("null null null null");
      assertThat(app.get("/app/from/x").status()).as("it forwards to itself").isEqualTo(500);
    }
  }

  @Test
  void passesWrappersOn() throws Exception {
    var builder =
        app((request, response) -> {
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
        app((request, response) -> {
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
  void refusesToForwardOnceCommitted() throws Exception {
    String seen =
        run(
            (request, response) -> {
              response.getWriter().print("out");
              response.flushBuffer();
              assertThatThrownBy(
                      () -> request.getRequestDispatcher("/target").forward(request, response))
                  .isInstanceOf(IllegalStateException.class);
            });

    assertThat(seen).isEqualTo("out");
  }

  @Test
  void lettsExceptionsOfTheTargetThrough() throws Exception {
    var builder =
        app((request, response) -> {
              assertThatThrownBy(
                      () -> request.getRequestDispatcher("/none").include(request, response))
                  .isInstanceOf(FileNotFoundException.class);
              assertThatThrownBy(
                      () -> request.getRequestDispatcher("/bad").forward(request, response))
                  .isInstanceOf(ServletException.class)
                  .hasMessage("on purpose");
              response.getWriter().print("handled");
            })
            .servlet(
                "bad",
                Code.servlet(
                    (request, response) -> {
                      throw new ServletException("on purpose");
                    }),
                "/bad");
    try (var app = TestApp.start("/app", builder)) {
      Answer answer = app.get("/app/from/x");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("handled");
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

  @Test
  void answersAForwardToNothingWith404() throws Exception {
    try (var app =
        TestApp.start(
            "",
            app(
                (request, response) ->
                    request.getRequestDispatcher("/none").forward(request, response)))) {
      assertThat(app.get("/from/x").status()).isEqualTo(404);
    }
  }

  @Test
  void keepsADispatchsOwnAttributesToItself() throws Exception {
    String seen =
        run(
            (request, response) -> {
              request.setAttribute("a", "1");
              request.getRequestDispatcher("/target/x").include(request, response);
              assertThat(Collections.list(request.getAttributeNames())).isEqualTo(List.of("a"));
            });

    assertThat(seen).contains("a=1", "include.servlet_path=/target");
    assertThat(DispatcherType.values()).hasSize(5);
  }

  @Test
  void hidesThePrivateDirectoriesFromClientsOnly() throws Exception {
    var servlet =
        Code.servlet(
            (request, response) -> {
              String view = request.getParameter("view");
              if (view == null || request.getDispatcherType() == DispatcherType.FORWARD) {
                response.getWriter().print(request.getServletPath());
              } else {
                request.getRequestDispatcher(view).forward(request, response);
              }
            });
    try (var app = TestApp.start("/app", ServletContainer.builder().servlet("s", servlet, "/"))) {
      for (String path :
          List.of("/WEB-INF/a.jsp", "/web-inf", "/x/../META-INF/", "/%57EB-INF;v=1/a")) {
        assertThat(app.get("/app" + path).status()).as(path).isEqualTo(404);
      }
      assertThat(app.get("/app/WEB-INFO").text()).isEqualTo("/WEB-INFO");
      assertThat(app.get("/app/x?view=/WEB-INF/a.jsp").text()).isEqualTo("/WEB-INF/a.jsp");
    }
  }
}
