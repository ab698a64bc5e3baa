// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.CharArrayWriter;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static final Code.Service NAME =
      (request, response) ->
          response.getWriter().print(request.getHttpServletMapping().getServletName());

  /** A filter that leaves a mark around what is behind it. */
  private static Filter mark(String mark) {
    return Code.filter(
        (request, response, chain) -> {
          response.getWriter().print(mark + "(");
          chain.doFilter(request, response);
          response.getWriter().print(")");
        });
  }

  @Test
  void runsPatternsBeforeNamesInOrder() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet("s", Code.servlet(NAME), "/s/*")
            .servlet("t", Code.servlet(NAME), "/t")
            .filter("named", mark("n"), f -> f.addMappingForServletNames(null, true, "s"))
            .filter("first", mark("1"), "/*")
            .filter("second", mark("2"), "/s/*", "*.x")
            .filter("before", mark("0"), f -> f.addMappingForUrlPatterns(null, false, "/s/a"))
            .filter("star", mark("*"), f -> f.addMappingForServletNames(null, true, "*"));
    try (var app = TestApp.start("/app", builder)) {
      assertThat(app.get("/app/s/a").text()).isEqualTo("0(1(2(n(*(s)))))");
      assertThat(app.get("/app/s/b.x").text())
          .as("once for two patterns")
          .isEqualTo("1(2(n(*(s))))");
      assertThat(app.get("/app/t").text()).isEqualTo("1(*(t))");
      assertThat(app.get("/app/none").status()).as("filters see it too").isEqualTo(404);
    }
  }

  @Test
  void appliesToTheDispatchesItIsMappedTo() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet("s", Code.servlet(NAME), "/s")
            .servlet(
                "go",
                Code.servlet(
                    (request, response) -> {
                      switch (request.getQueryString()) {
                        case "f" -> request.getRequestDispatcher("/s").forward(request, response);
                        case "i" -> request.getRequestDispatcher("/s").include(request, response);
                        case "n" ->
                            request
                                .getServletContext()
                                .getNamedDispatcher("s")
                                .include(request, response);
                        default -> response.sendError(418);
                      }
                    }),
                "/go")
            .servlet("error", Code.servlet(NAME), "/error")
            .errorPage(418, "/error");
    for (DispatcherType type :
        EnumSet.of(
            DispatcherType.REQUEST,
            DispatcherType.FORWARD,
            DispatcherType.INCLUDE,
            DispatcherType.ERROR)) {
      String mark = type.name().substring(0, 1).toLowerCase(Locale.ROOT);
      builder.filter(
          "by path " + type,
          mark(mark),
          f -> f.addMappingForUrlPatterns(EnumSet.of(type), true, "/s", "/error"));
      builder.filter(
          "by name " + type,
          mark(mark.toUpperCase(Locale.ROOT)),
          f -> f.addMappingForServletNames(EnumSet.of(type), true, "s"));
    }
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/s").text()).isEqualTo("r(R(s))");
      assertThat(app.get("/go?f").text()).isEqualTo("f(F(s))");
      assertThat(app.get("/go?i").text()).isEqualTo("i(I(go))");
      assertThat(app.get("/go?n").text()).as("no path, no patterns").isEqualTo("I(go)");
      assertThat(app.get("/go?e").text()).isEqualTo("e(error)");
    }
  }

  @Test
  void mayAnswerItselfAndMayWrap() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet("s", Code.servlet(NAME), "/*")
            .filter(
                "guard",
                Code.filter(
                    (request, response, chain) -> {
                      if (request.getHeader("X-Key") == null) {
                        response.sendError(403, "no <key>");
                      } else {
                        chain.doFilter(request, response);
                      }
                    }),
                "/*")
            .filter(
                "upper",
                Code.filter(
                    (request, response, chain) -> {
                      var captured = new CharArrayWriter();
                      chain.doFilter(
                          request,
                          new HttpServletResponseWrapper(response) {
                            @Override
                            public PrintWriter getWriter() {
                              return new PrintWriter(captured);
                            }
                          });
                      response.getWriter().print(captured.toString().toUpperCase(Locale.ROOT));
                    }),
                "/*");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/x", "X-Key", "1").text()).isEqualTo("S");
      Answer refused = app.get("/x");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).contains("no &lt;key&gt;");
    }
  }

  @Test
  void mayGoOnTwice() throws Exception {
    var builder =
        ServletContainer.builder()
            .servlet("s", Code.servlet(NAME), "/*")
            .filter(
                "twice",
                Code.filter(
                    (request, response, chain) -> {
                      chain.doFilter(request, response);
                      chain.doFilter(request, response);
                    }),
                "/*")
            .filter("mark", mark("m"), "/*");
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/x").text()).isEqualTo("m(s)m(s)");
    }
  }

  @Test
  void refusesToBeMappedToNothing() {
    assertThatThrownBy(() -> ServletContainer.builder().filter("f", mark("f")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f is mapped to nothing");
  }
}
