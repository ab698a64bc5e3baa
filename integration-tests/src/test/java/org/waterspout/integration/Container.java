// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.waterspout.http.Capability;

/** The containers of the folder {@code containers}, and what the adapter is to offer in each. */
enum Container {
  JETTY_EE11("jetty-ee11", "JettyEE11", "Jetty 12.1", withWebSockets(all())),
  JETTY_EE10("jetty-ee10", "JettyEE10", "Jetty 12.1", withWebSockets(all())),
  TOMCAT_11("tomcat-11", "TomcatServer", "Tomcat 11", withWebSockets(tomcat())),
  TOMCAT_10("tomcat-10.1", "TomcatServer", "Tomcat 10.1", withWebSockets(tomcat())),
  UNDERTOW_24("undertow-2.4", "UndertowServer", "Undertow 2.4", all()),
  UNDERTOW_23("undertow-2.3", "UndertowServer", "Undertow 2.3", withWebSockets(all()));

  private static final Path FOLDER = Path.of("containers").toAbsolutePath();
  private static final Pattern PORT = Pattern.compile("^port=([0-9]+)$");

  private final String column;
  private final String launcher;
  private final String text;
  private final Set<Capability> async;

  Container(String column, String launcher, String text, Set<Capability> async) {
    this.column = column;
    this.launcher = launcher;
    this.text = text;
    this.async = Collections.unmodifiableSet(async);
  }

  private static Set<Capability> all() {
    return EnumSet.of(
        Capability.STREAMING_REQUEST_BODY,
        Capability.STREAMING_RESPONSE,
        Capability.LONG_POLLING,
        Capability.PER_REQUEST_LIMITS,
        Capability.ABORT,
        Capability.REQUEST_TRAILERS,
        Capability.RESPONSE_TRAILERS);
  }

  private static Set<Capability> tomcat() {
    var all = all();
    all.remove(Capability.REQUEST_TRAILERS);
    return all;
  }

  /** In Undertow 2.4 there are none: jakarta.websocket has not been released for it. */
  private static Set<Capability> withWebSockets(Set<Capability> others) {
    others.add(Capability.WEBSOCKET);
    others.add(Capability.WEBSOCKET_PING_CONTROL);
    return others;
  }

  /** Those of the contract's WARs that it runs: one of each family has a synchronous filter. */
  List<ContractWar> wars() {
    return switch (this) {
      case JETTY_EE11, TOMCAT_11, UNDERTOW_23 -> List.of(ContractWar.values());
      case JETTY_EE10, TOMCAT_10, UNDERTOW_24 ->
          List.of(ContractWar.ASYNC, ContractWar.SYNC, ContractWar.FILTER);
    };
  }

  /** Starts it with its WARs of the contract; it may write to the folder. */
  ServerProcess start(Path folder) throws Exception {
    var wars = new LinkedHashMap<String, Path>();
    for (var war : wars()) {
      wars.put("/" + war, war.file());
    }
    return start(folder, wars);
  }

  /** Starts it with WARs by their context paths; it may write to the folder. */
  ServerProcess start(Path folder, Map<String, Path> wars) throws Exception {
    return launch(column, launcher, folder, wars);
  }

  /**
   * Starts one of the containers.
   *
   * @param column its folder
   * @param launcher its main class
   * @param options for its JVM
   */
  static ServerProcess launch(
      String column, String launcher, Path folder, Map<String, Path> wars, String... options)
      throws Exception {
    var jars = FOLDER.resolve(Path.of(column, "target", "jars"));
    var command = new ArrayList<String>();
    command.add(ServerProcess.java());
    command.addAll(ServerProcess.OPTIONS);
    command.addAll(List.of(options));
    command.addAll(List.of("-Djava.io.tmpdir=" + folder, "-cp", jars + "/*"));
    command.add("org.waterspout.integration.launch." + launcher);
    wars.forEach((path, war) -> command.add(path + "=" + war));
    return new ServerProcess(folder, command, Map.of(), PORT);
  }

  /** What messages of the adapter call it, up to the patch version. */
  String text() {
    return text;
  }

  /** What users call it, and which of its kind. */
  String title() {
    return column.startsWith("jetty") ? text + column.substring(5).replace('-', ' ') : text;
  }

  /** What the adapter offers in async mode. */
  Set<Capability> async() {
    return async;
  }

  /** What the adapter offers in sync mode. */
  Set<Capability> sync() {
    var all = EnumSet.copyOf(async);
    all.remove(Capability.LONG_POLLING);
    return all;
  }

  @Override
  public String toString() {
    return column;
  }

  /** Jetty or Tomcat as it is downloaded, with the WARs in its folder webapps. */
  enum StandAlone {
    JETTY(JETTY_EE11) {
      @Override
      ServerProcess start(Path base) throws Exception {
        dropWars(base);
        var command = new ArrayList<String>();
        command.add(ServerProcess.java());
        command.addAll(ServerProcess.OPTIONS);
        command.add("-Djava.io.tmpdir=" + base);
        command.addAll(List.of("-jar", home("jetty-home").resolve("start.jar").toString()));
        var modules = Files.createDirectory(base.resolve("start.d"));
        Files.writeString(
            modules.resolve("http.ini"),
            "--modules=http\njetty.http.host=127.0.0.1\njetty.http.port=0\n");
        Files.writeString( // what stood behind it would be of Jakarta EE's environment, not Jetty's
            modules.resolve("ee11.ini"), "--modules=ee11-deploy,ee11-websocket-jakarta\n");
        var port = Pattern.compile("Started .*ServerConnector.*127\\.0\\.0\\.1:([0-9]+)");
        return new ServerProcess(base, command, Map.of(), port);
      }
    },

    TOMCAT(TOMCAT_11) {
      @Override
      ServerProcess start(Path base) throws Exception {
        dropWars(base);
        var home = home("tomcat");
        for (var name : List.of("logs", "temp", "work", "conf")) {
          Files.createDirectory(base.resolve(name));
        }
        try (var files = Files.list(home.resolve("conf"))) {
          for (var file : files.toList()) {
            Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
          }
        }
        var serverXml = base.resolve("conf/server.xml");
        Files.writeString(
            serverXml,
            Files.readString(serverXml)
                .replace("port=\"8005\"", "port=\"-1\"")
                .replace("port=\"8080\"", "port=\"0\" address=\"127.0.0.1\""));
        return new ServerProcess(
            base,
            List.of("sh", home.resolve("bin/catalina.sh").toString(), "run"),
            Map.of(
                "CATALINA_HOME", home.toString(),
                "CATALINA_BASE", base.toString(),
                "CATALINA_OPTS", String.join(" ", ServerProcess.OPTIONS),
                "JAVA_HOME", System.getProperty("java.home"),
                "JRE_HOME", System.getProperty("java.home")),
            Pattern.compile("Starting ProtocolHandler .*-([0-9]+)\"\\]"));
      }
    };

    private final Container container;

    StandAlone(Container container) {
      this.container = container;
    }

    /** Starts it with those of the contract's WARs that are servlets; the folder is its own. */
    abstract ServerProcess start(Path base) throws Exception;

    /** What it is without its distribution. */
    Container container() {
      return container;
    }

    /** The only folder in the one that it was unpacked to. */
    private static Path home(String name) throws IOException {
      try (var files = Files.list(FOLDER.resolve(Path.of("stand-alone", "target", name)))) {
        return files.findFirst().orElseThrow();
      }
    }

    /** The first of them at the root. */
    private static void dropWars(Path base) throws Exception {
      var webapps = Files.createDirectory(base.resolve("webapps"));
      for (var war : List.of(ContractWar.ASYNC, ContractWar.SYNC)) {
        var name = war.equals(ContractWar.ASYNC) ? "ROOT" : war.toString();
        Files.copy(war.file(), webapps.resolve(name + ".war"));
      }
    }
  }
}
