// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.Compiled;

class JavaxEvidenceTest {
  @TempDir Path temp;
  private final List<Path> libraries = new ArrayList<>();

  private String evidence() throws IOException {
    return JakartaCopy.evidence(temp.resolve("war"), libraries);
  }

  private void ownClass(String name, String field) throws IOException {
    Compiled.classes(
        Files.createDirectories(temp.resolve("war/WEB-INF/classes")),
        Map.of(name, "class " + name + " {" + field + "}"));
  }

  private void library(String name, String code) throws IOException {
    Path classes = Compiled.classes(temp.resolve("of-" + name), Map.of(name, code));
    libraries.add(Compiled.jar(temp.resolve(name + ".jar"), classes));
  }

  private void descriptor(String root) throws IOException {
    Path file = temp.resolve("war/WEB-INF/web.xml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, root);
  }

  private static String uses(String api) {
    return "Object o() { return new " + api + ".ServletException(); }";
  }

  @Test
  void seesJavaxInTheClassesOfTheWar() throws Exception {
    ownClass("A", "");
    ownClass("B", uses("javax.servlet"));
    library("Jakarta", "class Jakarta {" + uses("jakarta.servlet") + "}");

    assertThat(evidence()).isEqualTo("B.class");
  }

  @Test
  void takesAJakartaWarWithAnOldDescriptorForWhatItIs() throws Exception {
    ownClass("A", uses("jakarta.servlet"));
    library("Old", "class Old {" + uses("javax.servlet") + "}");
    descriptor("<web-app xmlns='http://xmlns.jcp.org/xml/ns/javaee' version='4.0'/>");

    assertThat(evidence()).isNull();
  }

  @Test
  void seesJavaxInALibraryWhereTheClassesDoNotTell() throws Exception {
    ownClass("A", "");
    library("Plain", "class Plain {}");
    library("Old", "class Old {" + uses("javax.servlet") + "}");

    assertThat(evidence()).isEqualTo("Old.jar!/Old.class");
  }

  @Test
  void asksTheDescriptorWhereBothAreUsed() throws Exception {
    library("Old", "class Old {" + uses("javax.servlet") + "}");
    library("New", "class New {" + uses("jakarta.servlet") + "}");
    library("Newer", "class Newer {" + uses("jakarta.servlet") + "}");
    Files.createDirectories(temp.resolve("war/WEB-INF"));
    assertThat(evidence()).as("more classes use jakarta").isNull();

    descriptor("<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.0'/>");
    assertThat(evidence()).isNull();
    descriptor("<web-app xmlns='http://java.sun.com/xml/ns/javaee' version='2.5'/>");
    assertThat(evidence()).isEqualTo("Old.jar!/Old.class");
    descriptor("<!DOCTYPE web-app SYSTEM 'http://localhost:1/none.dtd'><web-app/>");
    assertThat(evidence()).isEqualTo("Old.jar!/Old.class");
    descriptor("<web-app><");
    assertThat(evidence()).as("somebody else complains").isNotNull();
  }

  @Test
  void countsNeitherTheAPIsThemselvesNorNames() throws Exception {
    library(
        "javax.servlet.Anything",
        "package javax.servlet; public class Anything { Object o() { return new"
            + " javax.servlet.ServletException(); } }");
    library("Names", "class Names { String s = \"javax.servlet.Servlet javax/servlet/Servlet\"; }");
    Files.createDirectories(temp.resolve("war"));

    assertThat(evidence()).isNull();
  }

  @Test
  void seesJavaxInAPageWhereNoClassTells() throws Exception {
    Path pages = Files.createDirectories(temp.resolve("war/a"));
    Files.writeString(pages.resolve("plain.html"), "javax.servlet");
    assertThat(evidence()).isNull();

    Files.writeString(pages.resolve("x.jsp"), "<%@ page import='javax.servlet.http.Cookie' %>");
    assertThat(evidence()).isEqualTo("a/x.jsp");

    library("New", "class New {" + uses("jakarta.servlet") + "}");
    assertThat(evidence()).isNull();
  }

  @Test
  void doesNotTakeADocumentForADescriptor() throws Exception {
    Path manual = Files.createDirectories(temp.resolve("war/manual"));
    Files.writeString(manual.resolve("filters.xml"), "<p>javax.servlet has become jakarta's</p>");
    assertThat(evidence()).isNull();

    Path tags = Files.createDirectories(temp.resolve("war/WEB-INF/tags"));
    Files.writeString(tags.resolve("a.tld"), "<taglib>javax.servlet.jsp</taglib>");
    assertThat(evidence()).isEqualTo("WEB-INF/tags/a.tld");
  }

  @Test
  void believesAJakartaDescriptorWhereTheClassesDoNotTell() throws Exception {
    library("Old", "class Old {" + uses("javax.servlet") + "}");
    Path pages = Files.createDirectories(temp.resolve("war"));
    Files.writeString(pages.resolve("x.jsp"), "<%-- was javax.servlet --%>");
    descriptor("<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.0'/>");

    assertThat(evidence()).isNull();
  }

  @Test
  void passesOverWhatCannotBeRead() throws Exception {
    ownClass("Z", uses("javax.servlet"));
    Files.writeString(temp.resolve("war/WEB-INF/classes/A.class"), "not a class");
    Files.write(temp.resolve("war/WEB-INF/classes/B.class"), new byte[] {(byte) 0xca, (byte) 0xfe});
    libraries.add(Files.writeString(temp.resolve("broken.jar"), "not a jar"));

    assertThat(evidence()).isEqualTo("Z.class");
  }

  @Test
  void readsTheBeginningOfFilesThatAreTooLargeForMemory() throws Exception {
    descriptor("<web-app/>");
    try (var file = new RandomAccessFile(temp.resolve("war/large.xml").toFile(), "rw")) {
      file.setLength(3L << 30); // which no array holds, and no disk: it is a hole
    }
    assertThat(evidence()).isNull();
  }
}
