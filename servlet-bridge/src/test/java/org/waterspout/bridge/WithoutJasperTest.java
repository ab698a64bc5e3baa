// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.servlet;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WARs with pages on a server that has no Jasper. */
class WithoutJasperTest {
  private static final String INCLUDING =
      """
      package app;

      import jakarta.servlet.http.*;

      public class Including extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws java.io.IOException, jakarta.servlet.ServletException {
          request.getRequestDispatcher("/page.jsp").include(request, response);
        }
      }
      """;

  @TempDir Path temp;

  /** The class path of the tests without Jasper. */
  private static final class Host extends ClassLoader {
    Host() {
      super(WithoutJasperTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.apache.jasper.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<URL> all = Collections.list(super.getResources(name));
      all.removeIf(url -> url.toString().contains("jasper"));
      return Collections.enumeration(all);
    }
  }

  private TestApp start(TestWar war) throws Exception {
    return TestApp.start(
        "/app",
        ServletContainer.builder()
            .war(war.root)
            .classLoader(new Host())
            .workDirectory(temp.resolve("work"))
            .onStartFailure(OnStartFailure.FAIL));
  }

  @Test
  void refusesPagesAndNeverShowsTheirSource() throws Exception {
    var war =
        new TestWar(temp.resolve("war"))
            .webXml(
                servlet("including", "app.Including", "")
                    + mapping("including", "/including")
                    + "<servlet><servlet-name>one</servlet-name><jsp-file>/page.jsp</jsp-file>"
                    + "<load-on-startup>1</load-on-startup></servlet>"
                    + mapping("one", "/one")
                    + "<jsp-config><jsp-property-group><url-pattern>*.htm</url-pattern>"
                    + "</jsp-property-group></jsp-config>")
            .sources(Map.of("app.Including", INCLUDING))
            .file("page.jsp", "<% String password = \"secret\"; %>")
            .file("a/page.jspx", "secret")
            .file("page.htm", "<% secret %>");
    try (var log = new LogLines();
        var app = start(war)) {
      assertThat(log.lines)
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith("WARNING /app/ has JSP pages such as /")
                      .contains("org.apache.tomcat:tomcat-jasper"));
      for (String path : List.of("/page.jsp", "/a/page.jspx", "/page.htm", "/one")) {
        Answer answer = app.get("/app" + path);
        assertThat(answer.status()).as(path).isEqualTo(501);
        assertThat(answer.text())
            .contains("org.apache.tomcat:tomcat-jasper")
            .doesNotContain("secret");
      }
      assertThat(app.get("/app/none.jsp").status()).isEqualTo(404);
      Answer including = app.get("/app/including");
      assertThat(including.status()).isEqualTo(500);
      assertThat(including.text()).doesNotContain("secret");
    }
  }

  @Test
  void saysNothingOfPagesWhereThereAreNone() throws Exception {
    try (var log = new LogLines();
        var app = start(new TestWar(temp.resolve("war")).file("index.html", "x"))) {
      assertThat(log.lines).noneMatch(line -> line.contains("jasper"));
      assertThat(app.get("/app/none.jsp").status()).isEqualTo(404);
    }
  }
}
