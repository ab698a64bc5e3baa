// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import com.example.specimen.LookServlet;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** The specimen, packed: its classes, the files of the folder of that name, and a library. */
final class SpecimenWar {
  private static final String CLASSES = "WEB-INF/classes/";

  private SpecimenWar() {}

  static Path write(Path folder) throws IOException, URISyntaxException {
    var library = folder.resolve("library.jar");
    try (var jar = new JarOutputStream(Files.newOutputStream(library))) {
      entry(jar, "META-INF/resources/from-library/page.txt", "from a library\n");
      entry(jar, "META-INF/resources/static/page.html", "not this one\n");
      entry(jar, "META-INF/resources/WEB-INF/leaked.txt", "hidden\n");
    }
    var war = folder.resolve("specimen.war");
    try (OutputStream out = Files.newOutputStream(war);
        var jar = new JarOutputStream(out)) {
      var classes = root();
      copy(jar, classes.resolve("specimen"), "");
      var name = LookServlet.class.getPackageName().replace('.', '/');
      copy(jar, classes.resolve(name), CLASSES + name + "/");
      jar.putNextEntry(new ZipEntry("WEB-INF/lib/library.jar"));
      Files.copy(library, jar);
    }
    return war;
  }

  /** Of the compiled tests and their resources. */
  private static Path root() throws URISyntaxException {
    return Path.of(LookServlet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void copy(JarOutputStream jar, Path from, String to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new ZipEntry(to + from.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
      }
    }
  }

  private static void entry(JarOutputStream jar, String name, String content) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
