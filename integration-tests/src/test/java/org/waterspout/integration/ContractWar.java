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
import org.waterspout.adapter.Mode;
import org.waterspout.integration.contract.ContractApplication;
import org.waterspout.integration.contract.LegacyServlet;

/**
 * The demo's packaged WAR with the contract's application in place of the demo's: its classes in
 * WEB-INF/classes, its name in web.xml. One for each way to put an application into a WAR.
 */
enum ContractWar {
  /** A servlet with async support, for everything below its context path. */
  ASYNC("async", Mode.ASYNC, false),

  /** The same without async support: a thread of the container waits for each answer. */
  SYNC("sync", Mode.SYNC, false),

  /** A filter with async support, in front of a servlet from before there was such a thing. */
  FILTER("filter", Mode.ASYNC, true),

  /** The same in a chain without async support. */
  FILTER_SYNC("filter-sync", Mode.SYNC, true);

  private static final String WITH_FILTER =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
        <filter>
          <filter-name>app</filter-name>
          <filter-class>org.waterspout.adapter.ServletFilterAdapter</filter-class>
          %s
          <init-param>
            <param-name>application</param-name>
            <param-value>%s</param-value>
          </init-param>
          %s
        </filter>
        <filter-mapping>
          <filter-name>app</filter-name>
          <url-pattern>/*</url-pattern>
        </filter-mapping>
        <servlet>
          <servlet-name>legacy</servlet-name>
          <servlet-class>%s</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>legacy</servlet-name>
          <url-pattern>/*</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  private static final String DEMO = "org.waterspout.examples.demo.DemoApplication";

  private static final String LAST_OF_SERVLET = "<load-on-startup>"; // behind the init-params

  /** Of the demo alone. */
  private static final List<String> UNUSED =
      List.of("h2-", "waterspout-demo-app-", "waterspout-servlet-bridge-");

  private final String name;
  private final Mode mode;
  private final boolean isFilter;
  private @Nullable Path war; // null until first asked for; of this lock

  ContractWar(String name, Mode mode, boolean isFilter) {
    this.name = name;
    this.mode = mode;
    this.isFilter = isFilter;
  }

  /** Whether what is no route's goes on to a servlet behind. */
  boolean isFilter() {
    return isFilter;
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
      Files.writeString(webXml, isFilter ? withFilter() : withServlet(Files.readString(webXml)));
      addClasses(zip);
      removeUnused(zip);
    }
    return assembled;
  }

  private String withFilter() {
    return WITH_FILTER.formatted(
        asyncSupported(mode),
        ContractApplication.class.getName(),
        modeParameter(),
        LegacyServlet.class.getName());
  }

  private String withServlet(String ofDemo) throws IOException {
    if (!ofDemo.contains(DEMO)
        || !ofDemo.contains(LAST_OF_SERVLET)
        || !ofDemo.contains(asyncSupported(Mode.ASYNC))) {
      throw new IOException("web.xml of the demo is not as expected: " + ofDemo);
    }
    return ofDemo
        .replace(DEMO, ContractApplication.class.getName())
        .replace(LAST_OF_SERVLET, modeParameter() + LAST_OF_SERVLET)
        .replace(asyncSupported(Mode.ASYNC), asyncSupported(mode));
  }

  private static String asyncSupported(Mode mode) {
    return "<async-supported>" + (mode == Mode.ASYNC) + "</async-supported>";
  }

  /** Said, so that the start-up check knows what requests will lack. */
  private String modeParameter() {
    return "<init-param><param-name>mode</param-name><param-value>"
        + mode
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
