// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Servlet;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.Compiled;
import org.waterspout.bridge.ServletContainer;

class WarClassLoaderTest {
  private static final ClassLoader HOST = WarClassLoaderTest.class.getClassLoader();

  @TempDir Path temp;

  private static WarClassLoader loader(Path... places) {
    return loader(Visibility.DEFAULT, HOST, places);
  }

  private static WarClassLoader loader(Visibility visibility, ClassLoader host, Path... places) {
    return new WarClassLoader("test", List.of(places), host, visibility);
  }

  private Path classes(String directory, String name, String body) throws Exception {
    String code =
        "package "
            + name.substring(0, name.lastIndexOf('.'))
            + "; public class "
            + name.substring(name.lastIndexOf('.') + 1)
            + " {"
            + body
            + "}";
    return Compiled.classes(temp.resolve(directory), Map.of(name, code));
  }

  private static String text(Class<?> type) throws Exception {
    return type.getDeclaredConstructor().newInstance().toString();
  }

  private static String says(String what) {
    return "@Override public String toString() { return \"" + what + "\"; }";
  }

  @Test
  void prefersItsOwnClassesInTheirOrder() throws Exception {
    Path classes = classes("classes", "app.A", says("classes"));
    Path jar = Compiled.jar(temp.resolve("a.jar"), classes("one", "app.A", says("jar")));
    Path other = Compiled.jar(temp.resolve("b.jar"), classes("two", "app.B", says("other")));
    try (var loader = loader(classes, jar, other)) {
      assertThat(text(loader.loadClass("app.A"))).isEqualTo("classes");
      assertThat(text(loader.loadClass("app.B"))).isEqualTo("other");
      assertThat(loader.loadClass("app.A")).isSameAs(loader.loadClass("app.A"));
      assertThat(loader.getURLs()).hasSize(3);
    }
  }

  @Test
  void takesTheJDKAndTheServletAPIFromTheHost() throws Exception {
    Path own =
        Compiled.classes(
            temp.resolve("own"),
            Map.of("jakarta.servlet.Servlet", "package jakarta.servlet; public class Servlet {}"));
    try (var loader = loader(own)) {
      assertThat(loader.loadClass("jakarta.servlet.Servlet")).isSameAs(Servlet.class);
      assertThat(loader.loadClass("java.util.List")).isSameAs(List.class);
      assertThat(loader.loadClass("javax.sql.DataSource")).isSameAs(javax.sql.DataSource.class);
      assertThat(loader.loadClass("org.waterspout.bridge.ServletContainer"))
          .isSameAs(ServletContainer.class);
      assertThatThrownBy(() -> loader.loadClass("jakarta.servlet.NoSuchThing"))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }

  @Test
  void seesNothingElseOfTheHost() throws Exception {
    try (var loader = loader()) {
      assertThatThrownBy(() -> loader.loadClass("org.assertj.core.api.Assertions"))
          .isInstanceOf(ClassNotFoundException.class)
          .hasMessage("org.assertj.core.api.Assertions");
      assertThat(loader.getResource("org/assertj/core/api/Assertions.class")).isNull();
      assertThat(loader.getResourceAsStream("org/assertj/core/api/Assertions.class")).isNull();
      assertThat(Collections.list(loader.getResources("META-INF/MANIFEST.MF")))
          .isEqualTo(Collections.list(loader.getParent().getResources("META-INF/MANIFEST.MF")));
    }
  }

  @Test
  void seesWhatTheMountShares() throws Exception {
    Path hosts = classes("hosts", "com.acme.Shared", says("host"));
    Files.writeString(hosts.resolve("com/acme/shared.txt"), "host's");
    Files.createDirectories(hosts.resolve("META-INF/services"));
    Files.writeString(hosts.resolve("META-INF/services/com.acme.Shared"), "com.acme.Shared\n");
    classes("hosts", "com.acmeother.Hidden", "");
    Path own = classes("own", "com.acme.Shared", says("war"));
    classes("own", "com.acme.Own", says("war"));
    var shared = new Visibility(List.of("com.acme."));
    try (var host = new URLClassLoader(new URL[] {hosts.toUri().toURL()}, HOST);
        var loader = loader(shared, host, own)) {
      Class<?> type = loader.loadClass("com.acme.Shared");
      assertThat(type.getClassLoader()).isSameAs(host);
      assertThat(text(loader.loadClass("com.acme.Own"))).isEqualTo("war");
      assertThatThrownBy(() -> loader.loadClass("com.acmeother.Hidden"))
          .isInstanceOf(ClassNotFoundException.class);
      try (InputStream in = loader.getResourceAsStream("com/acme/shared.txt")) {
        assertThat(in).hasContent("host's");
      }
      assertThat(ServiceLoader.load(type, loader)).hasSize(1);
    }
    assertThatThrownBy(() -> new Visibility(List.of("com.acme")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsItsOwnResourcesFirst() throws Exception {
    Path classes = Files.createDirectories(temp.resolve("classes"));
    Files.writeString(classes.resolve("x.txt"), "classes");
    Path libraries = Files.createDirectories(temp.resolve("lib"));
    Files.writeString(libraries.resolve("x.txt"), "jar");
    Path jar = Compiled.jar(temp.resolve("a.jar"), libraries);
    try (var loader = loader(classes, jar)) {
      assertThat(loader.getResource("x.txt")).asString().startsWith("file:").endsWith("/x.txt");
      assertThat(Collections.list(loader.getResources("x.txt"))).hasSize(2);
      try (InputStream in = loader.getResourceAsStream("x.txt")) {
        assertThat(in).hasContent("classes");
      }
      assertThat(loader.getResource("")).isEqualTo(classes.toUri().toURL());
      assertThat(loader.getResource("none")).isNull();
    }
  }

  @Test
  void letsAWarBringTheTagLibraryAndPagesOfItsOwn() {
    var visibility = Visibility.DEFAULT;
    assertThat(visibility.isHostFirst("jakarta.servlet.jsp.jstl.core.Config")).isFalse();
    assertThat(visibility.isHostFirst("jakarta.servlet.jsp.JspPage")).isTrue();
    assertThat(visibility.isHostOnly("jakarta.servlet.jsp.JspPage")).isFalse();
    assertThat(visibility.isHostOnly("jakarta.servlet.http.HttpServlet")).isTrue();
    assertThat(Visibility.isJDK("javax.xml.parsers.SAXParser")).isTrue();
    assertThat(Visibility.isJDK("javax.servlet.Servlet")).isFalse();
    assertThat(Visibility.isJDK("sun.security.provider.Sun")).as("not exported").isFalse();
  }

  @Test
  void freesItsFilesWhenItIsClosed() throws Exception {
    Path jar = Compiled.jar(temp.resolve("a.jar"), classes("one", "app.A", says("jar")));
    var loader = loader(jar);
    Class<?> loaded = loader.loadClass("app.A");
    try (InputStream in = loader.getResourceAsStream("app/A.class")) {
      assertThat(in).isNotEmpty();
    }
    loader.close();

    assertThat(text(loaded)).as("what is loaded still works").isEqualTo("jar");
    assertThat(openFiles()).doesNotContain(jar.toRealPath());
  }

  private static List<Path> openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.map(WarClassLoaderTest::target).toList();
    }
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (java.io.IOException e) {
      return link; // closed meanwhile
    }
  }
}
