// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.Compiled;

class ClassIndexTest {
  private static final ClassLoader LOADER = ClassIndexTest.class.getClassLoader();

  @TempDir Path temp;

  private Path classes(String directory, Map<String, String> sources) throws Exception {
    return Compiled.classes(temp.resolve(directory), sources);
  }

  @Test
  void readsAnnotationsWithoutLoadingAClass() throws Exception {
    Path classes =
        classes(
            "classes",
            Map.of(
                "app.S",
                """
                package app;

                import jakarta.servlet.annotation.*;

                @WebServlet(
                    name = "s",
                    urlPatterns = {"/a", "/b"},
                    loadOnStartup = 3,
                    asyncSupported = true,
                    initParams = @WebInitParam(name = "k", value = "v"))
                @MultipartConfig(maxFileSize = 5000000000L)
                public class S extends jakarta.servlet.http.HttpServlet {
                  static {
                    if (true) throw new IllegalStateException("loaded");
                  }
                }
                """,
                "app.Plain",
                "package app; class Plain {}"));

    ClassIndex index = ClassIndex.of(List.of(classes));

    assertThat(index.all()).hasSize(2);
    var found = index.annotated(WebServlet.class.getName());
    assertThat(found).singleElement().extracting("place").isEqualTo(classes);
    ClassFacts facts = found.getFirst().facts();
    assertThat(facts.superclass()).isEqualTo("jakarta.servlet.http.HttpServlet");
    AnnotationFacts servlet = facts.annotation(WebServlet.class.getName());
    assertThat(servlet.string("name")).isEqualTo("s");
    assertThat(servlet.string("description")).isNull();
    assertThat(servlet.strings("urlPatterns")).containsExactly("/a", "/b");
    assertThat(servlet.strings("value")).isEmpty();
    assertThat(servlet.number("loadOnStartup", -1)).isEqualTo(3);
    assertThat(servlet.flag("asyncSupported", false)).isTrue();
    assertThat(servlet.annotations("initParams"))
        .singleElement()
        .satisfies(
            parameter -> {
              assertThat(parameter.type()).isEqualTo(WebInitParam.class.getName());
              assertThat(parameter.string("value")).isEqualTo("v");
            });
    AnnotationFacts multipart = facts.annotation("jakarta.servlet.annotation.MultipartConfig");
    assertThat(multipart.number("maxFileSize", -1)).isEqualTo(5_000_000_000L);
    assertThat(multipart.number("maxRequestSize", -1)).isEqualTo(-1);
  }

  @Test
  void takesTheFirstOfTwoClassesOfOneName() throws Exception {
    Path one =
        classes(
            "one",
            Map.of(
                "app.A", "package app; class A implements Runnable " + "{ public void run() {} }"));
    Path two = classes("two", Map.of("app.A", "package app; class A {}"));
    Path jar = Compiled.jar(temp.resolve("two.jar"), two);

    assertThat(ClassIndex.of(List.of(one, jar)).find("app.A").interfaces()).hasSize(1);
    assertThat(ClassIndex.of(List.of(jar, one)).find("app.A").interfaces()).isEmpty();
  }

  @Test
  void leavesOutWhatItCannotReadOrNeedNot() throws Exception {
    Path classes = classes("classes", Map.of("app.A", "package app; class A {}"));
    byte[] newer = Files.readAllBytes(classes.resolve("app/A.class"));
    newer[6] = 9;
    Files.write(classes.resolve("app/Newer.class"), newer);
    Files.write(classes.resolve("app/Cut.class"), java.util.Arrays.copyOf(newer, 20));
    Files.writeString(classes.resolve("app/Text.class"), "no class");
    Files.createFile(classes.resolve("app/Empty.class"));
    Path versions = Files.createDirectories(classes.resolve("META-INF/versions/99/app"));
    Files.write(versions.resolve("B.class"), newer);
    Files.writeString(classes.resolve("module-info.class"), "not looked at");
    Path text = Files.writeString(temp.resolve("text.jar"), "no jar");

    ClassIndex index = ClassIndex.of(List.of(classes, text));

    assertThat(index.all()).extracting(found -> found.facts().name()).containsExactly("app.A");
    assertThatThrownBy(() -> ClassFacts.of(newer)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsTheTypesThatAnInitializerHandles() throws Exception {
    Path classes =
        classes(
            "classes",
            Map.of(
                "app.Wanted", "package app; public interface Wanted {}",
                "app.Direct", "package app; class Direct implements Wanted {}",
                "app.Deep", "package app; class Deep extends Direct {}",
                "app.Narrow", "package app; interface Narrow extends Wanted {}",
                "app.Other", "package app; class Other {}",
                "app.Outside", "package app; class Outside extends java.util.ArrayList<String> {}",
                "app.OnMethod", "package app; class OnMethod { @Deprecated void m() {} }",
                "app.OnClass", "package app; @Deprecated class OnClass { class Inner {} }"));
    var handled = new HandledTypes(ClassIndex.of(List.of(classes)), LOADER);

    assertThat(handled.of(Set.of("app.Wanted")))
        .containsExactlyInAnyOrder("app.Direct", "app.Deep", "app.Narrow");
    assertThat(handled.of(Set.of("java.util.Collection")))
        .as("through supertypes that are not the WAR's")
        .containsExactly("app.Outside");
    assertThat(handled.of(Set.of("java.lang.Deprecated")))
        .containsExactlyInAnyOrder("app.OnMethod", "app.OnClass");
    assertThat(handled.of(Set.of("app.Nobody"))).isEmpty();
  }

  @Test
  void copesWithClassesThatAreMissing() throws Exception {
    Path classes =
        classes(
            "classes",
            Map.of(
                "app.Optional", "package app; public interface Optional {}",
                "app.Wanted", "package app; public interface Wanted {}",
                "app.Half", "package app; class Half implements Optional, Wanted {}"));
    Files.delete(classes.resolve("app/Optional.class"));
    var handled = new HandledTypes(ClassIndex.of(List.of(classes)), LOADER);

    assertThat(handled.of(Set.of("app.Wanted"))).containsExactly("app.Half");
    assertThat(handled.of(Set.of("app.Optional"))).containsExactly("app.Half");
  }

  @Test
  void takesNoMoreMemoryThanAClassNeeds() throws Exception {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length;
          }
        };
    byte[] bytes = ClassFacts.bytes(endless);
    assertThatThrownBy(() -> ClassFacts.of(bytes)).isInstanceOf(IllegalArgumentException.class);
  }
}
