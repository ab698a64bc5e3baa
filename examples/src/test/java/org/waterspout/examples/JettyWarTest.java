// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.waterspout.web.Application;

/** The WAR of the demo as the build has packaged it. */
class JettyWarTest {
  private static final Path WAR = Path.of("demo-war/target/demo.war");

  @Test
  void servesTheApplicationOfTheWar() throws Exception {
    var server = JettyWar.start(WAR, 0);
    try {
      var home = URI.create("http://127.0.0.1:" + JettyWar.port(server) + "/");
      var request = HttpRequest.newBuilder(home).timeout(Duration.ofSeconds(20)).build();
      try (var client = HttpClient.newHttpClient()) {
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void servesAWarWithoutWebXml() throws Exception {
    var server = JettyWar.start(Path.of("initializer-war/target/board.war"), 0);
    try (var client = HttpClient.newHttpClient()) {
      var notes = URI.create("http://127.0.0.1:" + JettyWar.port(server) + "/notes");
      var get = HttpRequest.newBuilder(notes).timeout(Duration.ofSeconds(20)).build();
      var waiting = client.sendAsync(get, BodyHandlers.ofString());
      var post =
          HttpRequest.newBuilder(notes)
              .timeout(Duration.ofSeconds(20))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("note=Milk"))
              .build();

      assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
      assertThat(waiting.get(20, TimeUnit.SECONDS).body()).isEqualTo("[\"Milk\"]");
    } finally {
      server.stop();
    }
  }

  @Test
  void aFilterTakesOverARouteOfAnOldWar() throws Exception {
    var server = JettyWar.start(Path.of("filter-war/target/office.war"), 0);
    try (var client = HttpClient.newHttpClient()) {
      var office = URI.create("http://127.0.0.1:" + JettyWar.port(server) + "/");
      var display = HttpRequest.newBuilder(office.resolve("display?seen=0"));
      var waiting =
          client.sendAsync(
              display.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
      var desk = HttpRequest.newBuilder(office.resolve("desk")).timeout(Duration.ofSeconds(20));
      var call = desk.POST(BodyPublishers.noBody()).build();

      assertThat(client.send(call, BodyHandlers.ofString()).statusCode()).isEqualTo(302);
      assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("<h1>1</h1>");
      for (var address : List.of("", "desk")) {
        var show = desk.copy().uri(office.resolve(address)).GET().build();
        assertThat(client.send(show, BodyHandlers.ofString()).body()).contains("Number 1");
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void theWarRunsOnItsOwnCopyOfOurClassesAndSeesNoneOfThisClassPath() throws Exception {
    var server = JettyWar.start(WAR, 0);
    try {
      var loader = context(server).getClassLoader();
      var inWar = loader.loadClass(Application.class.getName());
      assertThat(inWar).isNotSameAs(Application.class);
      assertThat(inWar.getClassLoader()).isSameAs(loader);
      assertThatThrownBy(() -> loader.loadClass(JettyWar.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
    } finally {
      server.stop();
    }
  }

  @Test
  void stoppingLeavesNoFileAndNoThreadBehind() throws Exception {
    var before = Thread.getAllStackTraces().keySet(); // of other tests, such as idle resolvers
    var server = JettyWar.start(WAR, 0);
    var unpacked = context(server).getTempDirectory();
    assertThat(unpacked).exists();
    server.stop();
    assertThat(unpacked).doesNotExist();
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().contains("waterspout")) {
        assertThat(thread.join(Duration.ofSeconds(20))).as("%s ends", thread).isTrue();
      }
    }
  }

  @Test
  void saysWhichWarIsMissing() {
    assertThatThrownBy(() -> JettyWar.start(Path.of("missing.war"), 0))
        .hasMessageContaining("no WAR at ")
        .hasMessageContaining("missing.war");
  }

  @Test
  void failsOnATakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("0.0.0.0"))) {
      assertThatThrownBy(() -> JettyWar.start(WAR, taken.getLocalPort()))
          .hasCauseInstanceOf(BindException.class);
    }
  }

  private static WebAppContext context(Server server) {
    return server.getDescendant(WebAppContext.class);
  }
}
