// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** H2's web console as its users pack it into a WAR: a web.xml and the jar. */
final class ConsoleWar {
  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        <servlet>
          <servlet-name>console</servlet-name>
          <servlet-class>org.h2.server.web.JakartaWebServlet</servlet-class>
          <init-param>
            <param-name>properties</param-name>
            <param-value>null</param-value>
          </init-param>
          <init-param>
            <param-name>ifNotExists</param-name>
            <param-value/>
          </init-param>
          <load-on-startup>1</load-on-startup>
        </servlet>
        <servlet-mapping>
          <servlet-name>console</servlet-name>
          <url-pattern>/*</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  private ConsoleWar() {}

  static Path write(Path folder) throws IOException {
    var war = folder.resolve("console.war");
    try (var jar = new JarOutputStream(Files.newOutputStream(war))) {
      jar.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
      jar.write(WEB_XML.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new ZipEntry("WEB-INF/lib/h2.jar"));
      Files.copy(h2(), jar);
    }
    return war;
  }

  /** Of this class path. */
  private static Path h2() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches("h2-[0-9.]+\\.jar"))
        .findFirst()
        .orElseThrow();
  }
}
