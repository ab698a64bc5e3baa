// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Jolokia's agent as it is published, whose users are told to change its web.xml: here it asks for
 * no login.
 */
final class JolokiaWar {
  private static final Path PUBLISHED = PublishedWars.JOLOKIA;
  private static final String SECURITY =
      "(?s)<(login-config|security-constraint|security-role)>.*?</\\1>";

  private JolokiaWar() {}

  static Path write(Path folder) throws IOException {
    var war = Files.copy(PUBLISHED, folder.resolve("jolokia.war"));
    try (var zip = FileSystems.newFileSystem(war)) {
      var webXml = zip.getPath("WEB-INF/web.xml");
      var changed = Files.readString(webXml).replaceAll(SECURITY, "");
      if (changed.equals(Files.readString(webXml))) {
        throw new IOException("web.xml of Jolokia is not as expected");
      }
      Files.writeString(webXml, changed);
    }
    return war;
  }
}
