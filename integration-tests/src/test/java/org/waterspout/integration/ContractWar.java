// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.waterspout.integration.contract.ContractApplication;

/**
 * The demo's packaged WAR with the contract's application in place of the demo's: its classes in
 * WEB-INF/classes, its name in web.xml. One for each way to put an application into a WAR.
 */
enum ContractWar {
  /** A servlet with async support, for everything below its context path. */
  ASYNC("async", "<async-supported>true</async-supported>"),

  /** The same without async support: a thread of the container waits for each answer. */
  SYNC("sync", "<async-supported>false</async-supported>");

  private static final String DEMO = "org.waterspout.examples.demo.DemoApplication";

  private static final String LAST_OF_SERVLET = "<load-on-startup>"; // behind the init-params

  /** Of the demo alone. */
  private static final List<String> UNUSED =
      List.of("h2-", "waterspout-demo-app-", "waterspout-servlet-bridge-");

  private final String name;
  private final String asyncSupported; // the element of web.xml
  private @Nullable Path war; // null until first asked for; of this lock

  ContractWar(String name, String asyncSupported) {
    this.name = name;
    this.asyncSupported = asyncSupported;
  }

  static Path demo() {
    return Path.of(System.getProperty("demo.war", "../examples/demo-war/target/demo.war"));
  }

  /** A folder below target with nothing in it. */
  static Path cleanFolder(String kind, String name) throws IOException {
    var folder = Path.of("target", kind, name).toAbsolutePath();
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  /** Packaged once in a run of the tests. */
  synchronized Path file() throws IOException, URISyntaxException {
    if (war == null) {
      war = assemble(cleanFolder("contract", name));
    }
    return war;
  }

  @Override
  public String toString() {
    return name;
  }

  private Path assemble(Path folder) throws IOException, URISyntaxException {
    var assembled = Files.copy(demo(), folder.resolve("contract.war"));
    try (var zip = FileSystems.newFileSystem(assembled)) {
      var webXml = zip.getPath("WEB-INF/web.xml");
      var text = Files.readString(webXml);
      if (!text.contains(DEMO)
          || !text.contains(LAST_OF_SERVLET)
          || !text.contains(ASYNC.asyncSupported)) {
        throw new IOException("web.xml of the demo is not as expected: " + text);
      }
      Files.writeString(
          webXml,
          text.replace(DEMO, ContractApplication.class.getName())
              .replace(LAST_OF_SERVLET, modeParameter() + LAST_OF_SERVLET)
              .replace(ASYNC.asyncSupported, asyncSupported));
      addClasses(zip);
      removeUnused(zip);
    }
    return assembled;
  }

  /** Said, so that the start-up check knows what requests will lack. */
  private String modeParameter() {
    return "<init-param><param-name>mode</param-name><param-value>"
        + name
        + "</param-value></init-param>\n    ";
  }

  private static void addClasses(FileSystem zip) throws IOException, URISyntaxException {
    var name = ContractApplication.class.getPackageName().replace('.', '/');
    var classes = Files.createDirectories(zip.getPath("WEB-INF/classes").resolve(name));
    try (var files = Files.list(ours().resolve(name))) {
      for (var file : files.toList()) {
        Files.copy(file, classes.resolve(file.getFileName().toString()));
      }
    }
  }

  /** Containers would scan it at every start. */
  private static void removeUnused(FileSystem zip) throws IOException {
    try (var files = Files.list(zip.getPath("WEB-INF/lib"))) {
      for (var file : files.toList()) {
        if (UNUSED.stream().anyMatch(file.getFileName().toString()::startsWith)) {
          Files.delete(file);
        }
      }
    }
  }

  private static Path ours() throws URISyntaxException {
    return Path.of(
        ContractApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
