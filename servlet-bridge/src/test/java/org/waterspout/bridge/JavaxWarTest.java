// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.parameter;
import static org.waterspout.bridge.TestWar.servlet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WAR that is written for javax.servlet: Servlet 4, pages and a library of its time. */
class JavaxWarTest {
  private static final String OLD =
      """
      package app;

      import javax.servlet.*;
      import javax.servlet.annotation.*;
      import javax.servlet.http.*;

      @WebServlet("/annotated")
      public class Old extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException, ServletException {
          if (request.getParameter("page") != null) {
            request.getRequestDispatcher("/WEB-INF/old.jsp").forward(request, response);
            return;
          }
          Integer n = (Integer) request.getSession().getAttribute("n");
          request.getSession().setAttribute("n", n == null ? 1 : n + 1);
          response.getWriter().print(
              getServletName() + " " + request.getSession().getAttribute("n") + " "
                  + request.getAttribute("filtered") + " "
                  + getServletContext().getAttribute("initialized") + " "
                  + getServletContext().getInitParameter("javax.servlet.jsp.jstl.fmt.locale"));
        }
      }
      """;

  private static final String FILTER =
      """
      package lib;

      import javax.servlet.*;
      import javax.servlet.annotation.*;

      @WebFilter("/*")
      public class OldFilter implements Filter {
        public void init(FilterConfig config) {}
        public void destroy() {}
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws java.io.IOException, ServletException {
          request.setAttribute("filtered", "javax.servlet.forward.request_uri");
          chain.doFilter(request, response);
        }
      }
      """;

  private static final String INITIALIZER =
      """
      package lib;

      public class OldInitializer implements javax.servlet.ServletContainerInitializer {
        public void onStartup(java.util.Set<Class<?>> classes, javax.servlet.ServletContext context) {
          context.setAttribute("initialized", true);
        }
      }
      """;

  @TempDir Path temp;

  private Path war() throws Exception {
    return new TestWar(temp.resolve("old"))
        .webXml(
            "xmlns='http://xmlns.jcp.org/xml/ns/javaee' version='4.0'",
            parameter("context-param", "javax.servlet.jsp.jstl.fmt.locale", "de")
                + servlet("old", "app.Old", "")
                + mapping("old", "/old"))
        .source("app.Old", OLD)
        .library(
            "old.jar",
            Map.of(
                "META-INF/services/javax.servlet.ServletContainerInitializer",
                "lib.OldInitializer"),
            Map.of("lib.OldFilter", FILTER, "lib.OldInitializer", INITIALIZER))
        .file(
            "WEB-INF/old.jsp",
            "<%@ page import='javax.servlet.http.Cookie' %><%= new Cookie(\"a\", \"b\").getName()"
                + " %> ${requestScope['javax.servlet.forward.servlet_path']}")
        .packed();
  }

  private ServletContainer.Builder builder(Path war) {
    return ServletContainer.builder()
        .war(war)
        .workDirectory(temp.resolve("work"))
        .onStartFailure(OnStartFailure.FAIL);
  }

  @Test
  void isConvertedAndRuns() throws Exception {
    Path war = war();
    try (var log = new LogLines()) {
      try (var app = TestApp.start("/app", builder(war))) {
        Answer first = app.get("/app/old");
        assertThat(first.text()).isEqualTo("old 1 jakarta.servlet.forward.request_uri true de");
        assertThat(app.get("/app/annotated", "Cookie", first.sessionCookie()).text())
            .startsWith("app.Old 2 ");
        assertThat(app.get("/app/old?page").text()).isEqualTo("a /old");
      }
      assertThat(log.lines)
          .filteredOn(line -> line.contains("old.war") && line.contains("convert"))
          .hasSize(2)
          .first()
          .asString()
          .contains("old.war is written for javax.servlet (app/Old.class)");
      log.lines.clear();

      try (var app = TestApp.start("/app", builder(war))) {
        assertThat(app.get("/app/old").status()).isEqualTo(200);
      }
      assertThat(log.lines).as("once").noneMatch(line -> line.contains("are converted"));
    }
    try (Stream<Path> kept = Files.walk(temp.resolve("work/converted"), 2)) {
      List<Path> reports = kept.filter(path -> path.endsWith("report.txt")).toList();
      assertThat(reports).hasSize(1);
      assertThat(reports.getFirst())
          .content()
          .contains("WEB-INF/old.jsp", "WEB-INF/web.xml", "WEB-INF/lib/old.jar: 2 classes");
    }
  }
}
