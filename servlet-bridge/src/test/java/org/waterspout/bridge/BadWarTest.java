// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.bridge.TestWar.mapping;
import static org.waterspout.bridge.TestWar.servlet;
import static org.waterspout.web.Application.mount;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WARs that cannot be mounted: each says why, and where. */
class BadWarTest {
  private static final String SECURED =
      """
      <security-role><role-name>r</role-name></security-role>
      <security-constraint>
        <web-resource-collection><url-pattern>/*</url-pattern></web-resource-collection>
        <auth-constraint/>
      </security-constraint>\
      """;

  @TempDir Path temp;

  private TestWar war() {
    return new TestWar(temp.resolve("bad"));
  }

  private ServletContainer.Builder builder(Path file) {
    return ServletContainer.builder()
        .war(file)
        .workDirectory(temp.resolve("work"))
        .onStartFailure(OnStartFailure.FAIL);
  }

  private void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> TestApp.start("/x", builder(file)))
        .hasMessageStartingWith(file.toString())
        .hasMessageContainingAll(words);
    Path temporary = temp.resolve("work/temp");
    if (Files.exists(temporary)) {
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  void isNone() throws IOException {
    Path text = Files.writeString(temp.resolve("text.war"), "no archive");
    assertRefused(text, "not a WAR");
    assertRefused(temp.resolve("nothing.war"), "neither a file nor a directory");
    assertRefused(Files.createDirectory(temp.resolve("empty")), "WEB-INF");
    Path jar = Compiled.jar(temp.resolve("a.jar"), Files.createDirectory(temp.resolve("content")));
    assertRefused(jar, "not a WAR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<servlet> | WEB-INF/web.xml:1: | servlet",
        "<servlett/> | WEB-INF/web.xml:1: | servlett",
        "<servlet-mapping><servlet-name>s</servlet-name><url-pattern>/s</url-pattern>"
            + "</servlet-mapping> | WEB-INF/web.xml:1: | nobody declares: s",
        "<filter-mapping><filter-name>f</filter-name><url-pattern>/s</url-pattern>"
            + "</filter-mapping> | WEB-INF/web.xml:1: | nobody declares: f",
        "<servlet><servlet-name>s</servlet-name></servlet><servlet><servlet-name>s</servlet-name>"
            + "</servlet> | WEB-INF/web.xml:1: | two servlets are called s",
        "<error-page><exception-type>java.lang.String</exception-type><location>/x</location>"
            + "</error-page> | WEB-INF/web.xml:1: | not an exception",
        "<request-character-encoding>utf-9</request-character-encoding> | WEB-INF/web.xml:1:"
            + " | an unknown charset: utf-9",
        "<session-config><tracking-mode>SSL</tracking-mode></session-config>"
            + " | WEB-INF/web.xml:1: | TLS",
        "<listener><listener-class>no.Such</listener-class></listener> | listener | no.Such",
        "<listener><listener-class>java.lang.String</listener-class></listener>"
            + " | java.lang.String | is not a java.util.EventListener",
        "<filter><filter-name>f</filter-name><filter-class>no.Such</filter-class></filter>"
            + " | filter f | no.Such",
        "<filter><filter-name>f</filter-name></filter> | filter f | no class is declared",
        "<servlet><servlet-name>s</servlet-name><servlet-class>no.Such</servlet-class>"
            + "<load-on-startup>1</load-on-startup></servlet> | servlet s | no.Such",
        "<servlet><servlet-name>s</servlet-name><servlet-class>java.lang.String</servlet-class>"
            + "<load-on-startup>1</load-on-startup></servlet>"
            + " | servlet s | is not a jakarta.servlet.Servlet",
        "<absolute-ordering/><absolute-ordering/> | WEB-INF/web.xml:1: | absolute-ordering",
      })
  void hasABadDescriptor(String elements, String where, String what) {
    assertRefused(war().webXml(elements).root, where, what);
  }

  @Test
  void mapsTwoServletsToOnePattern() {
    assertRefused(
        war()
            .webXml(
                servlet("a", "A", "")
                    + servlet("b", "B", "")
                    + mapping("a", "/same")
                    + "\n"
                    + mapping("b", "/same"))
            .root,
        "/same",
        "WEB-INF/web.xml:1:",
        "WEB-INF/web.xml:2:");
  }

  @Test
  void mapsAPatternOfTheMount() {
    Path root = war().webXml(servlet("a", "A", "") + mapping("a", "/same")).root;
    var builder = builder(root).servlet("own", Code.servlet((_, _) -> {}), "/same");
    assertThatThrownBy(() -> TestApp.start("/x", builder))
        .hasMessageContainingAll("WEB-INF/web.xml:1:", "[/same]");
    var twice = builder(root).servlet("a", Code.servlet((_, _) -> {}), "/other");
    assertThatThrownBy(() -> TestApp.start("/x", twice)).hasMessageContaining("of that name too");
  }

  @Test
  void hasServletsThatThrowInInit() throws Exception {
    Path root =
        war()
            .source(
                "app.Thrower",
                """
                package app;
                public class Thrower extends jakarta.servlet.http.HttpServlet {
                  public void init() { throw new IllegalStateException("on purpose"); }
                }
                """)
            .webXml(servlet("s", "app.Thrower", "<load-on-startup>0</load-on-startup>"))
            .root;
    assertRefused(root, "servlet s", "on purpose");
    war().webXml(servlet("s", "app.Thrower", "") + mapping("s", "/s"));
    try (var app = TestApp.start("/x", builder(root))) {
      assertThat(app.get("/x/s").status()).isEqualTo(500);
      assertThat(app.get("/x/s").status()).isEqualTo(500);
    }
  }

  @Test
  void needsALibraryOfTheServerThatItDoesNotSee() throws Exception {
    Path root =
        war()
            .source(
                "app.Needy",
                """
                package app;
                public class Needy extends jakarta.servlet.http.HttpServlet {
                  public void init() { Tool.use(); }
                  static class Tool { static void use() {} }
                }
                """)
            .webXml(servlet("s", "app.Needy", "<load-on-startup>0</load-on-startup>"))
            .root;
    Files.delete(root.resolve("WEB-INF/classes/app/Needy$Tool.class"));
    assertRefused(
        root,
        "servlet s",
        "java.lang.NoClassDefFoundError: app/Needy$Tool",
        "share() on the mount");
  }

  @Test
  void hasAServletWhoseClassIsMissingAndNobodyWants() throws Exception {
    Path root =
        war()
            .webXml(
                servlet("gone", "no.Such", "")
                    + mapping("gone", "/gone")
                    + "<servlet><servlet-name>nothing</servlet-name></servlet>"
                    + mapping("nothing", "/nothing"))
            .file("here.txt", "here")
            .root;
    try (var app = TestApp.start("/x", builder(root))) {
      assertThat(app.get("/x/here.txt").text()).isEqualTo("here");
      assertThat(app.get("/x/gone").status()).isEqualTo(500);
      assertThat(app.get("/x/nothing").status()).isEqualTo(500);
    }
  }

  @Test
  void hasFragmentsThatWaitForEachOther() throws Exception {
    String fragment =
        "<web-fragment><name>%s</name><ordering><after><name>%s</name></after></ordering></web-fragment>";
    assertRefused(
        war()
            .library(
                "1.jar",
                Map.of("META-INF/web-fragment.xml", fragment.formatted("a", "b")),
                Map.of())
            .library(
                "2.jar",
                Map.of("META-INF/web-fragment.xml", fragment.formatted("b", "a")),
                Map.of())
            .root,
        "WEB-INF/lib/1.jar",
        "WEB-INF/lib/2.jar");
  }

  @Test
  void hasInitializersThatAreMissingOrFail() throws Exception {
    String services = "META-INF/services/jakarta.servlet.ServletContainerInitializer";
    assertRefused(war().library("1.jar", Map.of(services, "no.Such"), Map.of()).root, "no.Such");
    war()
        .library(
            "1.jar",
            Map.of(services, "lib.Failing"),
            Map.of(
                "lib.Failing",
                """
                package lib;
                import jakarta.servlet.*;
                public class Failing implements ServletContainerInitializer {
                  public void onStartup(java.util.Set<Class<?>> classes, ServletContext context)
                      throws ServletException {
                    throw new ServletException("on purpose");
                  }
                }
                """));
    assertRefused(temp.resolve("bad"), "lib.Failing", "on purpose");
  }

  @Test
  void hasAnnotationsThatContradictThemselves() throws Exception {
    assertRefused(
        war()
            .source(
                "app.S",
                """
                package app;
                @jakarta.servlet.annotation.WebServlet(value = "/a", urlPatterns = "/b")
                public class S extends jakarta.servlet.http.HttpServlet {}
                """)
            .root,
        "WEB-INF/classes: app.S",
        "both value and urlPatterns");
  }

  @Test
  void isNotServedUnprotectedUnlessToldSo() throws Exception {
    Path root = war().webXml(SECURED).file("index.html", "x").root;
    assertRefused(root, "<security-constraint> at WEB-INF/web.xml:2:", "ignoreSecurity()");
    TestApp.start("/x", builder(root).ignoreSecurity()).close();
  }

  @Test
  void isNotServedUnprotectedIfAnnotationsAskForProtection() throws Exception {
    String guarded =
        """
        package app;
        import jakarta.servlet.annotation.*;
        @ServletSecurity(@HttpConstraint(rolesAllowed = "admin"))
        public class Guarded extends jakarta.servlet.http.HttpServlet {}
        """;
    String inherits = "package app; public class S extends Guarded {}";
    Path root =
        war()
            .sources(Map.of("app.Guarded", guarded, "app.S", inherits))
            .webXml(servlet("s", "app.S", "") + mapping("s", "/s"))
            .root;
    assertRefused(root, "@ServletSecurity of app.Guarded");
    war()
        .webXml(
            "version='6.1' metadata-complete='true'",
            servlet("s", "app.S", "") + mapping("s", "/s"));
    TestApp.start("/x", builder(root)).close();
  }

  @Test
  void namesMoreInitializersThanAnybodyHas() throws Exception {
    String service =
        "WEB-INF/classes/META-INF/services/jakarta.servlet.ServletContainerInitializer";
    Path file = war().file(service, "# no end\n".repeat(200_000)).root;
    assertRefused(file, "a list of initializers of more than");
  }

  /** Does not come to an end. */
  private static final class Recursion implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      contextInitialized(event);
    }
  }

  @Test
  void leavesOtherMountsAlone() throws Exception {
    Path broken = war().webXml("<servlet>").root;
    Path good = new TestWar(temp.resolve("good")).root;
    try (var server =
        new BridgeServer(
            mount("/bad", ServletContainer.war(broken)),
            mount("/none", ServletContainer.war(temp.resolve("none.war"))),
            mount("/deep", ServletContainer.builder().listener(new Recursion()).build()),
            mount("/good", builder(good).servlet("s", Code.servlet((_, _) -> {}), "/").build()))) {
      assertThat(server.get("/bad/").statusCode()).isEqualTo(503);
      assertThat(server.get("/none/").statusCode()).isEqualTo(503);
      assertThat(server.get("/deep/").statusCode()).isEqualTo(503);
      assertThat(server.get("/good/").statusCode()).isEqualTo(200);
    }
  }
}
