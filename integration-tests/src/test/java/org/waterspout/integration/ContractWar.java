// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.waterspout.integration.contract.ContractApplication;

/**
 * The demo's packaged WAR with the contract's application in place of the demo's: its classes in
 * WEB-INF/classes, its name in web.xml.
 */
final class ContractWar {
  private static final String DEMO = "org.waterspout.examples.demo.DemoApplication";

  private ContractWar() {}

  static Path demo() {
    return Path.of(System.getProperty("demo.war", "../examples/demo-war/target/demo.war"));
  }

  static Path assemble(Path directory) throws IOException, URISyntaxException {
    var war = Files.copy(demo(), directory.resolve("contract.war"));
    try (var zip = FileSystems.newFileSystem(war)) {
      var webXml = zip.getPath("WEB-INF/web.xml");
      var text = Files.readString(webXml);
      if (!text.contains(DEMO)) {
        throw new IOException("web.xml of the demo does not name " + DEMO);
      }
      Files.writeString(webXml, text.replace(DEMO, ContractApplication.class.getName()));
      var name = ContractApplication.class.getPackageName().replace('.', '/');
      var classes = Files.createDirectories(zip.getPath("WEB-INF/classes").resolve(name));
      try (var files = Files.list(ours().resolve(name))) {
        for (var file : files.toList()) {
          Files.copy(file, classes.resolve(file.getFileName().toString()));
        }
      }
    }
    return war;
  }

  private static Path ours() throws URISyntaxException {
    return Path.of(
        ContractApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
