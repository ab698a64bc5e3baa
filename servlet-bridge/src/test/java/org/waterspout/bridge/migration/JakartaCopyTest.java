// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.bridge.Compiled;
import org.waterspout.bridge.war.WarException;
import org.waterspout.bridge.war.WorkDirectory;

class JakartaCopyTest {
  private static final String SERVLET =
      "public class Old extends javax.servlet.http.HttpServlet { Class<?> c() throws Exception"
          + " { return Class.forName(\"javax.servlet.Servlet\"); } }";

  @TempDir Path temp;
  private WorkDirectory work;
  private Path root;

  @BeforeEach
  void makeWar() throws Exception {
    work = WorkDirectory.of(temp.resolve("work"));
    root = Files.createDirectories(temp.resolve("app"));
    Compiled.classes(root.resolve("WEB-INF/classes"), Map.of("Old", SERVLET));
    write("page.jsp", "<%@ page import='javax.servlet.http.Cookie' %>");
    write("plain.txt", "nothing to change");
    write("WEB-INF/t.tld", "<taglib><listener>javax.servlet.X</listener></taglib>");
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path convert() throws IOException {
    return JakartaCopy.of(Path.of("old.war"), root, "Old.class", work);
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> names = Files.list(temp.resolve("work/converted"))) {
      return names.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void convertsClassesPagesAndDescriptors() throws Exception {
    Path copy = convert();

    try (var loader =
        new URLClassLoader(new URL[] {copy.resolve("WEB-INF/classes/").toUri().toURL()})) {
      Class<?> type = loader.loadClass("Old");
      assertThat(type.getSuperclass()).isSameAs(jakarta.servlet.http.HttpServlet.class);
    }
    assertThat(copy.resolve("page.jsp"))
        .hasContent("<%@ page import='jakarta.servlet.http.Cookie' %>");
    assertThat(copy.resolve("plain.txt")).hasContent("nothing to change");
    assertThat(root.resolve("page.jsp")).as("the WAR itself").content().contains("javax");
    assertThat(JakartaCopy.evidence(copy, List.of())).isNull();
  }

  @Test
  void reportsWhatItHasChanged() throws Exception {
    Path library = temp.resolve("library");
    Compiled.classes(library, Map.of("Old", SERVLET, "Plain", "class Plain {}"));
    Files.createDirectories(library.resolve("META-INF/services"));
    Files.writeString(library.resolve("META-INF/X.SF"), "signed");
    Files.writeString(
        library.resolve("META-INF/services/javax.servlet.ServletContainerInitializer"), "Old");
    Compiled.jar(root.resolve("WEB-INF/lib/old.jar"), library);

    Path copy = convert();

    assertThat(copy.resolveSibling("report.txt"))
        .content()
        .contains("old.war", "Because of: Old.class", "1.0.")
        .contains("Files: 5")
        .contains(
            "Changed: 2 classes, 1 page, 1 descriptor, 1 other file, 1 signature that is left out")
        .contains("WEB-INF/classes/Old.class\n")
        .contains("WEB-INF/lib/old.jar: 1 class, 1 other file, 1 signature that is left out\n")
        .doesNotContain("plain.txt");
    try (var jar = new JarFile(copy.resolve("WEB-INF/lib/old.jar").toFile())) {
      assertThat(jar.getEntry("META-INF/services/jakarta.servlet.ServletContainerInitializer"))
          .isNotNull();
      assertThat(jar.getEntry("META-INF/X.SF")).isNull();
    }
  }

  @Test
  void convertsTheSameContentOnce() throws Exception {
    Path copy = convert();
    Files.writeString(copy.resolve("page.jsp"), "changed by the application");
    write("page.jsp", Files.readString(root.resolve("page.jsp")));
    Files.setLastModifiedTime(root.resolve("page.jsp"), FileTime.fromMillis(0));

    assertThat(convert()).isEqualTo(copy);
    assertThat(copy.resolve("page.jsp")).hasContent("changed by the application");

    write("page.jsp", "another page");
    assertThat(convert()).isNotEqualTo(copy);
    assertThat(kept()).hasSize(2);
  }

  @Test
  void convertsAgainWhatSomethingHasTidiedAway() throws Exception {
    Path copy = convert();
    Files.delete(copy.resolve("page.jsp"));

    assertThat(convert()).isEqualTo(copy);
    assertThat(copy.resolve("page.jsp")).exists();
    assertThat(kept()).hasSize(1);
  }

  @Test
  void convertsOnceForAllWhoComeAtTheSameTime() throws Exception {
    var together = new CyclicBarrier(4);
    List<Callable<Path>> mounts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      mounts.add(
          () -> {
            together.await(20, TimeUnit.SECONDS);
            return convert();
          });
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var mounted : threads.invokeAll(mounts)) {
        assertThat(mounted.get(20, TimeUnit.SECONDS).resolve("page.jsp")).exists();
      }
    }
    assertThat(kept()).hasSize(1);
  }

  @Test
  void leavesNothingOfAConversionThatFails() throws Exception {
    Files.write(root.resolve("WEB-INF/classes/Bad.class"), new byte[] {1, 2, 3});

    assertThatThrownBy(this::convert)
        .isInstanceOf(WarException.class)
        .hasMessageStartingWith("old.war: cannot be converted: ");
    assertThat(kept()).isEmpty();
  }

  @Test
  void leavesLibrariesAloneThatNameNothingOfJavax() throws Exception {
    Path library = Compiled.classes(temp.resolve("library"), Map.of("Plain", "class Plain {}"));
    Files.createDirectories(library.resolve("META-INF"));
    Files.writeString(library.resolve("META-INF/X.SF"), "signed");
    Path jar = Compiled.jar(root.resolve("WEB-INF/lib/plain.jar"), library);

    Path copy = convert();

    assertThat(copy.resolve("WEB-INF/lib/plain.jar")).hasSameBinaryContentAs(jar);
  }

  @Test
  void convertsArchivesThatCannotBeReadAsStreams() throws Exception {
    Files.createDirectories(root.resolve("WEB-INF/lib"));
    byte[] page = "import javax.servlet.Servlet".getBytes(StandardCharsets.US_ASCII);
    Files.write(root.resolve("WEB-INF/lib/odd.jar"), storedWithSizeBehind("a.jsp", page));

    Path copy = convert();

    try (var jar = new JarFile(copy.resolve("WEB-INF/lib/odd.jar").toFile());
        var in = jar.getInputStream(jar.getEntry("a.jsp"))) {
      assertThat(in).hasContent("import jakarta.servlet.Servlet");
    }
  }

  /** An archive of one stored entry, whose size stands behind it and in the directory only. */
  private static byte[] storedWithSizeBehind(String name, byte[] content) {
    var crc = new CRC32();
    crc.update(content);
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    var zip = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(0x04034b50).putShort((short) 20).putShort((short) 8).putShort((short) 0);
    zip.putInt(0).putInt(0).putInt(0).putInt(0);
    zip.putShort((short) nameBytes.length).putShort((short) 0).put(nameBytes).put(content);
    zip.putInt(0x08074b50).putInt((int) crc.getValue());
    zip.putInt(content.length).putInt(content.length);
    int directory = zip.position();
    zip.putInt(0x02014b50).putShort((short) 20).putShort((short) 20).putShort((short) 8);
    zip.putShort((short) 0).putInt(0).putInt((int) crc.getValue());
    zip.putInt(content.length).putInt(content.length).putShort((short) nameBytes.length);
    zip.putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    zip.putInt(0).putInt(0).put(nameBytes);
    int length = zip.position() - directory;
    zip.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1);
    zip.putInt(length).putInt(directory).putShort((short) 0);
    return Arrays.copyOf(zip.array(), zip.position());
  }

  @Test
  void leavesArchivesThatAreNoneAsTheyAre() throws Exception {
    write("WEB-INF/lib/broken.jar", "not a jar");
    write("docs.zip", "");

    Path copy = convert();

    assertThat(copy.resolve("WEB-INF/lib/broken.jar")).hasContent("not a jar");
    assertThat(copy.resolve("docs.zip")).isEmptyFile();
  }

  @Test
  void refusesLinks() throws Exception {
    Files.createSymbolicLink(root.resolve("secret.txt"), Path.of("/etc/passwd"));

    assertThatThrownBy(this::convert).hasMessageContaining("secret.txt");
    assertThat(temp.resolve("work/converted")).doesNotExist();
  }

  @Test
  void saysWhatIsMissingWithoutTheTool() throws Exception {
    List<URL> withoutTool = new ArrayList<>();
    for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!place.contains("jakartaee-migration")) {
        withoutTool.add(Path.of(place).toUri().toURL());
      }
    }
    try (var loader =
        new URLClassLoader(withoutTool.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> workType = loader.loadClass(WorkDirectory.class.getName());
      var of =
          loader
              .loadClass(JakartaCopy.class.getName())
              .getMethod("of", Path.class, Path.class, String.class, workType);
      assertThatThrownBy(() -> of.invoke(null, Path.of("old.war"), root, "Old.class", null))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .satisfies(
              e -> assertThat(e.getClass().getName()).isEqualTo(WarException.class.getName()))
          .hasMessageStartingWith("old.war: it is written for javax.servlet (Old.class)")
          .hasMessageContaining("add org.apache.tomcat:jakartaee-migration to the class path");
    }
  }
}
