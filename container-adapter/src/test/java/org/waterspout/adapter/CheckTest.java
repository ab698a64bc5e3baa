// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
  /** A class that is nowhere but in the WAR. */
  private static final String APP =
      """
      package shop;
      import java.util.function.Supplier;
      import org.waterspout.http.Capability;
      import org.waterspout.web.*;
      %s public class App implements Supplier<Application> {
        static class Detaching extends RequestHandler {
          @Override protected void get() { detach(); }
        }
        @Prefers(Capability.CLOSE_DETECTION)
        static class Coping extends RequestHandler {
          @Override protected void onConnectionClose() {}
        }
        static class Plain extends RequestHandler {}
        public Application get() {
          return new Application(%s
              Application.url("/coping", Coping::new), Application.url("/plain", Plain::new));
        }
      }
      """;

  private static final String DETACHING = "Application.url(\"/detaching\", Detaching::new),";
  private static final String BY_ROUTE =
      "Application.settings().onMissingCapability(OnMissingCapability.ROUTE).build(),";

  private static final String WEB_XML =
      """
      <?xml version="1.0"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <servlet>
          <servlet-name>old</servlet-name>
          <servlet-class>shop.Old</servlet-class>
          <init-param>
            <param-name>application</param-name><param-value>shop.No</param-value>
          </init-param>
        </servlet>
        <servlet>
          <servlet-name>app</servlet-name>
          <servlet-class>org.waterspout.adapter.ServletAdapter</servlet-class>
          <init-param>
            <param-name>application</param-name><param-value> shop.App </param-value>
          </init-param>
        </servlet>
      </web-app>
      """;

  @TempDir Path folder;
  private Path war;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void nameTheWar() {
    war = folder.resolve("shop.war");
  }

  private int check(String... args) {
    return Check.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private void makeWar(String rules, String webXml) throws IOException {
    boolean marked = webXml.isEmpty();
    var mark = marked ? "@org.waterspout.adapter.ServedInContainer" : "";
    var classes = compile(APP.formatted(mark, rules));
    try (var zip = FileSystems.newFileSystem(war, Map.of("create", "true"))) {
      var target = Files.createDirectories(zip.getPath("WEB-INF/classes/shop"));
      try (var files = Files.list(classes.resolve("shop"))) {
        for (Path file : files.toList()) {
          Files.copy(file, target.resolve(file.getFileName().toString()));
        }
      }
      if (!marked) {
        Files.writeString(zip.getPath("WEB-INF/web.xml"), webXml);
      }
    }
  }

  private Path compile(String source) throws IOException {
    var classes = Files.createDirectories(folder.resolve("classes"));
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///App.java"), SimpleJavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    var path = System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path");
    var options = List.of("-proc:none", "-d", classes.toString(), "-cp", path);
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.getTask(null, null, null, options, null, List.of(file)).call()).isTrue();
    return classes;
  }

  @Test
  void namesWhatIsRefusedAndWhatIsCopedWith() throws Exception {
    makeWar(DETACHING, WEB_XML);

    assertThat(check(war.toString(), "--for", "tomcat-11")).isEqualTo(1);
    assertThat(output())
        .startsWith(
            """
            shop.App in Tomcat 11.0.x (servlet, async)
              route /detaching is refused: no DETACH (shop.App$Detaching: get() calls detach)
              route /coping does without CLOSE_DETECTION (shop.App$Coping: overrides onConnectionClose)
              it does not start there; with onMissingCapability(ROUTE) what is refused answers 501
            """);
    assertThat(errors()).isEmpty();
  }

  @Test
  void saysThatTheOthersAreServedWhereRoutesAreRefusedAlone() throws Exception {
    makeWar(BY_ROUTE + DETACHING, WEB_XML);

    assertThat(check(war.toString(), "--for", "jetty-12.1")).isEqualTo(1);
    assertThat(output()).contains("  it starts there, and what is refused answers 501\n");
  }

  @Test
  void isContentWhereEveryLossIsCopedWith() throws Exception {
    makeWar("", WEB_XML);

    assertThat(check(war.toString(), "--for", "undertow-2.3")).isZero();
    assertThat(output()).contains("  it runs, and copes with its losses\n");
  }

  @Test
  void remarksOnWhatIsMissingAndCannotBeSeen() throws Exception {
    makeWar("", WEB_XML);

    assertThat(check(war.toString(), "--for", "tomcat-11-sync")).isZero();
    assertThat(output())
        .contains("\n  nor is there LONG_POLLING, whose use cannot be seen before: ")
        .contains("each answer that waits keeps a thread of the container.\n")
        .contains("\n  nor is there RAW_REQUEST_TARGET, ");
  }

  @Test
  void remarksOnNothingThatIsThere() throws Exception {
    makeWar("", WEB_XML);

    assertThat(check(war.toString(), "--for", "tomcat-11")).isZero();
    assertThat(output()).doesNotContain("LONG_POLLING").contains("RAW_REQUEST_TARGET");
  }

  @Test
  void checksForSeveralContainersAtOnce() throws Exception {
    makeWar("", WEB_XML);

    assertThat(check(war.toString(), "--for", "tomcat-10.1-sync", "--for", "jetty-12.1")).isZero();
    assertThat(output()).contains("Tomcat 10.1.x (servlet, sync)", "Jetty 12.1.x (servlet, async)");
  }

  @Test
  void looksIntoAFolderToo() throws Exception {
    makeWar("", WEB_XML);
    var exploded = Files.createDirectories(folder.resolve("exploded/WEB-INF"));
    Files.writeString(exploded.resolve("web.xml"), WEB_XML);
    Files.move(folder.resolve("classes"), exploded.resolve("classes"));

    assertThat(check(exploded.getParent().toString(), "--for", "tomcat-11")).isZero();
  }

  @Test
  void findsTheClassThatIsMarked() throws Exception {
    makeWar("", "");

    assertThat(check(war.toString(), "--for", "tomcat-11")).isZero();
    assertThat(output()).startsWith("shop.App in Tomcat 11.0.x (servlet, async)\n");
  }

  @Test
  void findsTheClassThatAContextParameterNames() throws Exception {
    makeWar(
        "",
        "<web-app><context-param><param-name>org.waterspout.application</param-name>"
            + "<param-value>shop.App</param-value></context-param></web-app>");

    assertThat(check(war.toString(), "--for", "tomcat-11")).isZero();
  }

  @Test
  void takesTheClassThatIsGiven() throws Exception {
    makeWar("", "<web-app/>");

    assertThat(check(war.toString(), "--for", "tomcat-11", "--application", "shop.App")).isZero();
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertThat(check()).isEqualTo(2);
    assertThat(check(war.toString(), "--for")).isEqualTo(2);
    assertThat(check(war.toString(), "--for", "tomcat-7")).isEqualTo(2);
    assertThat(check(war.toString(), "--far", "tomcat-11")).isEqualTo(2);
    assertThat(check(war.toString(), "--for", "tomcat-11")).isEqualTo(2);
    assertThat(errors().lines())
        .containsExactly(
            "a WAR and --for CONTAINER are needed; --help says how",
            "--for needs a value; --help says which",
            "--for tomcat-7: known are " + CheckTarget.names(),
            "unknown argument --far; --help lists them",
            "there is no WAR " + war);
  }

  @Test
  void saysWhatIsWrongWithAWar() throws Exception {
    Files.writeString(war, "not a ZIP file");
    assertThat(check(war.toString(), "--for", "tomcat-11")).isEqualTo(2);
    Files.delete(war);
    makeWar("", "<web-app>");
    assertThat(check(war.toString(), "--for", "tomcat-11")).isEqualTo(2);
    Files.delete(war);
    makeWar("", "<web-app/>");
    assertThat(check(war.toString(), "--for", "tomcat-11")).isEqualTo(2);
    assertThat(check(war.toString(), "--for", "tomcat-11", "--application", "shop.No"))
        .isEqualTo(2);

    assertThat(errors().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("is no WAR"),
            line -> assertThat(line).contains("web.xml cannot be read"),
            line -> assertThat(line).contains("names no application"),
            line -> assertThat(line).contains("no class shop.No"));
  }

  @Test
  void leavesNoTemporaryFiles() throws Exception {
    makeWar("", WEB_XML);
    Path unpacked;
    try (var file = WarFile.open(war)) {
      unpacked = file.folder();
      assertThat(unpacked.resolve("WEB-INF/web.xml")).exists();
    }
    assertThat(unpacked).doesNotExist();
  }

  @Test
  void namesTheContainersInItsHelp() {
    assertThat(check("--help")).isZero();
    assertThat(output()).contains("tomcat-10.1-sync", "jetty-12.1", "undertow-2.4");
  }
}
