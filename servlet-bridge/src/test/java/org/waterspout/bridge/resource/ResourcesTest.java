// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.bridge.Compiled;

class ResourcesTest {
  @TempDir Path temp;
  private Path root;
  private Resources resources;

  @BeforeEach
  void build() throws IOException {
    root = temp.resolve("war");
    write(root, "index.html", "index");
    write(root, "a b/ä;x.txt", "odd");
    write(root, "WEB-INF/web.xml", "secret");
    write(temp, "outside.txt", "outside");
    Path one = temp.resolve("one");
    write(one, "META-INF/resources/index.html", "hidden by the WAR's");
    write(one, "META-INF/resources/lib/x.js", "one");
    write(one, "META-INF/resources/lib/deep/y.js", "deep");
    write(one, "META-INF/resources/WEB-INF/tags/t.tag", "tag");
    write(one, "META-INF/other.txt", "not a resource");
    Path two = temp.resolve("two");
    write(two, "META-INF/resources/lib/x.js", "two");
    write(two, "META-INF/resources/lib/a b.js", "spaced");
    write(temp.resolve("three"), "a/B.class", "class");
    open(false);
  }

  private void open(boolean outsideLinks) throws IOException {
    List<Path> jars =
        List.of(
            Compiled.jar(root.resolve("WEB-INF/lib/1.jar"), temp.resolve("one")),
            Compiled.jar(root.resolve("WEB-INF/lib/2.jar"), temp.resolve("two")),
            Compiled.jar(root.resolve("WEB-INF/lib/3.jar"), temp.resolve("three")));
    resources = Resources.open(root, jars, outsideLinks);
  }

  @AfterEach
  void close() {
    resources.close();
  }

  private static void write(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private String content(String path) throws IOException {
    Resource found = resources.find(path);
    if (found == null) {
      return null;
    }
    try (InputStream in = found.open();
        InputStream byURL = found.url().openStream()) {
      String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(byURL).hasContent(text);
      assertThat(found.length()).isEqualTo(text.length());
      return text;
    }
  }

  @Test
  void findsTheWarsOwnThenThoseOfItsLibraries() throws Exception {
    assertThat(content("/index.html")).isEqualTo("index");
    assertThat(content("/lib/x.js")).isEqualTo("one");
    assertThat(content("/lib/a b.js")).isEqualTo("spaced");
    assertThat(content("/a b/ä;x.txt")).isEqualTo("odd");
    assertThat(content("/a b/../lib//./deep/y.js")).isEqualTo("deep");
    assertThat(content("/WEB-INF/web.xml")).as("for the application").isEqualTo("secret");
    assertThat(content("/WEB-INF/tags/t.tag")).isEqualTo("tag");
    assertThat(content("/none")).isNull();
    assertThat(resources.find("/META-INF/other.txt")).isNull();
    assertThat(resources.find("/lib").isDirectory()).isTrue();
    assertThat(resources.find("/lib/").isDirectory()).isTrue();
    assertThat(resources.find("/").isDirectory()).isTrue();
    assertThat(resources.find("/index.html").lastModified()).isPositive();
    assertThat(resources.find("/lib/x.js").lastModified()).isPositive();
    assertThat(resources.find("/index.html/")).as("a file is no directory").isNull();
    assertThat(resources.find("/lib/x.js/")).isNull();
  }

  @Test
  void listsDirectoriesOfBoth() {
    assertThat(resources.paths("/"))
        .containsExactlyInAnyOrder("/WEB-INF/", "/a b/", "/index.html", "/lib/");
    assertThat(resources.paths("/lib"))
        .containsExactlyInAnyOrder("/lib/a b.js", "/lib/deep/", "/lib/x.js");
    assertThat(resources.paths("/WEB-INF/"))
        .containsExactlyInAnyOrder("/WEB-INF/lib/", "/WEB-INF/tags/", "/WEB-INF/web.xml");
    assertThat(resources.paths("/none")).isNull();
    assertThat(resources.paths("/index.html")).isNull();
  }

  @Test
  void knowsTheRealPathsOfFiles() throws Exception {
    String real = root.toRealPath().toString();
    assertThat(resources.realPath("/index.html")).isEqualTo(real + "/index.html");
    assertThat(resources.realPath("index.html")).isEqualTo(real + "/index.html");
    assertThat(resources.realPath("/")).isEqualTo(real + "/");
    assertThat(resources.realPath("/WEB-INF")).isEqualTo(real + "/WEB-INF");
    assertThat(resources.realPath("/upload/new")).as("to be made").isEqualTo(real + "/upload/new");
    assertThat(resources.realPath("/lib/x.js")).as("in a jar").isNull();
    assertThat(resources.realPath("/../x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../outside.txt",
        "/a b/../../outside.txt",
        "/..",
        "/a\\..\\..\\outside.txt",
        "/x\u0000",
        "/lib/../../outside.txt",
        "relative",
        ""
      })
  void staysInside(String path) {
    assertThat(resources.find(path)).isNull();
    assertThat(resources.paths(path)).isNull();
  }

  @Test
  void followsLinksOnlyAsFarAsItMay() throws Exception {
    Files.createSymbolicLink(root.resolve("same.html"), Path.of("index.html"));
    Files.createSymbolicLink(root.resolve("out.txt"), temp.resolve("outside.txt"));
    Files.createSymbolicLink(root.resolve("up"), temp);
    Files.createSymbolicLink(root.resolve("open"), Path.of("WEB-INF"));
    Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));

    assertThat(content("/same.html")).isEqualTo("index");
    assertThat(content("/out.txt")).isNull();
    assertThat(content("/up/outside.txt")).isNull();
    assertThat(resources.paths("/up/")).isNull();
    assertThat(content("/open/web.xml")).as("hidden by its own name").isNull();
    assertThat(content("/circle")).isNull();
    assertThat(resources.realPath("/out.txt")).isNull();
    assertThat(resources.paths("/")).doesNotContain("/out.txt", "/up/", "/open/", "/circle");

    resources.close();
    open(true);
    assertThat(content("/out.txt")).isEqualTo("outside");
    assertThat(content("/open/web.xml")).isNull();
  }

  @Test
  void opensNoPipe() throws Exception {
    Path pipe = root.resolve("pipe.txt");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(resources.find("/pipe.txt")).isNull();
  }

  @Test
  void leavesOutWhatIsNoJar() throws Exception {
    Path text = temp.resolve("text.jar");
    Files.writeString(text, "no archive");
    try (var opened = Resources.open(root, List.of(text), false)) {
      assertThat(opened.find("/index.html")).isNotNull();
    }
  }
}
