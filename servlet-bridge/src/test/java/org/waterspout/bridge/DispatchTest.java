// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FileNotFoundException;
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
