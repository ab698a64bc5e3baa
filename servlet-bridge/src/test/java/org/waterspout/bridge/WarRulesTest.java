// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.parameter;
import static org.waterspout.bridge.TestWar.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who decides where several say something, and what is looked at. */
class WarRulesTest {
  private static final String SERVICES =
      "META-INF/services/jakarta.servlet.ServletContainerInitializer";

  private static final String WEB_XML =
      parameter("context-param", "p", "of web.xml")
          + "<display-name>of web.xml</display-name>"
          + servlet("show", "app.Show", "")
          + mapping("show", "/show")
          + "<session-config><session-timeout>7</session-timeout><cookie-config><name>ID</name>"
          + "</cookie-config></session-config>";

  /** Says what has become of it; asks for a class of the host, too. */
  private static final String SHOW =
      """
      package app;

      import jakarta.servlet.*;
      import jakarta.servlet.http.*;
      import java.io.*;

      @jakarta.servlet.annotation.WebServlet("/annotated")
      public class Show extends HttpServlet {
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
          ServletContext context = getServletContext();
          String host;
          try {
            host = Class.forName("hosted.Shared").getField("NAME").get(null).toString();
          } catch (ReflectiveOperationException e) {
            host = "unseen";
          }
          response.getWriter().print(
              getServletName() + " p=" + context.getInitParameter("p")
                  + " timeout=" + context.getSessionTimeout()
                  + " name=" + context.getServletContextName()
                  + " cookie=" + context.getSessionCookieConfig().getName()
                  + " version=" + context.getEffectiveMajorVersion() + "." + context.getEffectiveMinorVersion()
                  + " init=" + context.getAttribute("init")
                  + " order=" + context.getAttribute(ServletContext.ORDERED_LIBS)
                  + " host=" + host
                  + " trace=" + request.getAttribute("trace"));
        }
      }
      """;

  private static final String INIT =
      """
      package %1$s;

      import jakarta.servlet.*;

      public class Init implements ServletContainerInitializer {
        private final Object loader = Thread.currentThread().getContextClassLoader();

        public void onStartup(java.util.Set<Class<?>> classes, ServletContext context) {
          Object before = context.getAttribute("init");
          String own = "%1$s" + (loader == context.getClassLoader() ? "" : " with another loader");
          context.setAttribute("init", before == null ? own : before + "," + own);
        }
      }
      """;

  @TempDir static Path temp;
  private static TestWar war;
  private static URLClassLoader host;

  @BeforeAll
  static void build() throws Exception {
    war =
        new TestWar(temp.resolve("rules"))
            .source("app.Show", SHOW)
            .library(
                "1.jar",
                Map.of(
                    "META-INF/web-fragment.xml",
                    "<web-fragment metadata-complete='true'>"
                        + servlet("fragment", "app.Show", "")
                        + mapping("fragment", "/fragment")
                        + "</web-fragment>",
                    SERVICES,
                    "lib.Init"),
                Map.of(
                    "lib.Init",
                    INIT.formatted("lib"),
                    "lib.Hidden",
                    """
                    package lib;

                    @jakarta.servlet.annotation.WebServlet("/hidden")
                    public class Hidden extends jakarta.servlet.http.HttpServlet {}
                    """));
    Path classes =
        Compiled.classes(
            temp.resolve("host"),
            Map.of(
                "hosted.Shared",
                "package hosted; public class Shared { public static final String NAME = \"seen\";"
                    + " }",
                "hosted.Init",
                INIT.formatted("hosted")));
    Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(classes.resolve(SERVICES), "hosted.Init");
    host =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, WarRulesTest.class.getClassLoader());
  }

  private static ServletContainer.Builder builder() {
    return ServletContainer.builder()
        .classLoader(host)
        .war(war.root)
        .workDirectory(temp.resolve("work"))
        .onStartFailure(OnStartFailure.FAIL);
  }

  @Test
  void looksAtEverythingThatIsNotComplete() throws Exception {
    war.webXml("version='2.5'", WEB_XML);
    try (var app = TestApp.start("", builder())) {
      assertThat(app.get("/show").text())
          .isEqualTo(
              "show p=of web.xml timeout=7 name=of web.xml cookie=ID version=2.5 init=lib"
                  + " order=null host=unseen trace=null");
      assertThat(app.get("/annotated").text()).startsWith("app.Show p=of web.xml");
      assertThat(app.get("/fragment").text()).startsWith("fragment p=of web.xml");
      assertThat(app.get("/hidden").status()).as("its fragment is complete").isEqualTo(404);
    }
  }

  @Test
  void runsInitializersEvenIfWebXmlIsComplete() throws Exception {
    war.webXml("version='6.1' metadata-complete='true'", WEB_XML);
    try (var app = TestApp.start("", builder())) {
      assertThat(app.get("/show").text()).contains("init=lib ");
      assertThat(app.get("/annotated").status()).isEqualTo(404);
      assertThat(app.get("/fragment").status()).isEqualTo(404);
    }
    war.webXml("version='6.1' metadata-complete='true'", WEB_XML + "<absolute-ordering/>");
    try (var app = TestApp.start("", builder())) {
      assertThat(app.get("/show").text()).contains("init=null order=[] ");
    }
  }

  @Test
  void startsWithAnInitParameterThatComesTwiceAndSaysSo() throws Exception {
    String twice = parameter("init-param", "i", "first") + parameter("init-param", "i", "other");
    war.webXml(servlet("show", "app.Show", twice) + mapping("show", "/show"));
    try (var log = new LogLines();
        var app = TestApp.start("", builder())) {
      assertThat(app.get("/show").text()).startsWith("show p=null");
      assertThat(log.lines)
          .anyMatch(line -> line.matches("WARNING WEB-INF/web.xml:.*the init parameter i .*"));
    }
  }

  @Test
  void showsOfTheHostWhatTheMountShares() throws Exception {
    war.webXml(WEB_XML);
    try (var app = TestApp.start("", builder().share("hosted."))) {
      assertThat(app.get("/show").text()).contains("init=lib,hosted ", "host=seen");
    }
    assertThatThrownBy(() -> builder().share("hosted"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Filter tracing(String name) {
    return Code.filter(
        (request, response, chain) -> {
          Object before = request.getAttribute("trace");
          request.setAttribute("trace", before == null ? name : before + "," + name);
          chain.doFilter(request, response);
        });
  }

  @Test
  void letsTheMountDecide() throws Exception {
    war.webXml(WEB_XML);
    ServletContainerInitializer code =
        (_, context) -> {
          add(context, "last", true);
          add(context, "first", false);
        };
    var builder =
        builder()
            .initializer(code)
            .filter("mount", tracing("mount"), "/*")
            .initParameter("p", "of the mount")
            .displayName("of the mount")
            .sessionTimeout(Duration.ofMinutes(5))
            .sessionCookie(cookie -> cookie.setName("MINE"));
    try (var app = TestApp.start("", builder)) {
      assertThat(app.get("/show").text())
          .isEqualTo(
              "show p=of the mount timeout=5 name=of the mount cookie=MINE version=6.1 init=lib"
                  + " order=null host=unseen trace=first,mount,last");
    }
  }

  private static void add(ServletContext context, String name, boolean last) {
    context
        .addFilter(name, tracing(name))
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), last, "/*");
  }
}
