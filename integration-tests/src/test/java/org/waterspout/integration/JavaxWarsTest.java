// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.waterspout.integration.Differential.Explained;

/** Applications of others for javax.servlet: converted by us, and in a Jetty as they are. */
final class JavaxWarsTest {
  private static final Map<String, Path> WARS =
      Map.of("/wicket", PublishedWars.WICKET, "/wiki", PublishedWars.JSPWIKI);

  private static final List<Explained> EXPLAINED =
      List.of(
          Explained.of("^GET /(wicket|wiki)$", "status", "302, as Tomcat"),
          Explained.of(".", "set-cookie", "the session cookie is HttpOnly and SameSite=Lax"),
          Explained.of(".", "expires", "Jetty lets an answer with a new session expire"),
          Explained.of("[.](css|js|gif|png|ico|woff|html)\\b", "etag", "files have one"),
          Explained.of(
              " If-(Unm|M)odified-Since", "accept-ranges|last-modified", "as the file has"),
          Explained.of(
              "^GET /wiki/$",
              "body",
              "a welcome file is as one that was asked for, section 10.10, with the filters of"
                  + " *.jsp; Jetty forwards to it"),
          Explained.of(
              "helloworldservlet|/ViewTemplate.jsp$",
              "content-type",
              "Jetty adds a charset of its own to text, and one that it takes the language for"),
          Explained.of("favicon.ico", "content-type", "what browsers and Tomcat call it"));

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // what the bridge has not yet converted is now
  void answersAsJettyDoesWithoutConversion() throws Exception {
    var differential = new Differential();
    try (var beside = Executors.newVirtualThreadPerTaskExecutor()) {
      var jetty = beside.submit(JavaxWarsTest::inJetty);
      differential.add("ours", mounted());
      differential.add("jetty", jetty.get());
    }
    differential.check(Path.of("target", "differential", "javax.txt"), EXPLAINED);
  }

  private static Map<String, Map<String, String>> inJetty() throws Exception {
    var folder = ContractWar.cleanFolder("differential", "javax-jetty");
    var settings = Wiki.settings(folder.resolve("jspwiki"));
    try (var jetty =
        Container.launch(
            "jetty-ee8",
            "JettyEE8",
            folder,
            WARS,
            "-D" + Wiki.SETTINGS + "=" + settings,
            "--add-opens=java.base/java.lang=ALL-UNNAMED")) { // for Weld, as for the tests
      return requests().run(jetty.port());
    }
  }

  private static Map<String, Map<String, String>> mounted() throws Exception {
    var folder = ContractWar.cleanFolder("differential", "javax");
    // Both applications keep files where it says.
    var temporary = System.setProperty("java.io.tmpdir", folder.toString());
    try (var mounted = mount(Wiki.settings(folder.resolve("jspwiki")))) {
      return requests().run(mounted.port());
    } finally {
      System.setProperty("java.io.tmpdir", temporary);
    }
  }

  private static MountedWars mount(Path settings) throws Exception {
    return new MountedWars(
        PublishedWars.WORK,
        WARS,
        (prefix, builder) -> {
          // Wicket redirects before it has kept its page: this client would be there earlier.
          builder.maxConcurrent(1);
          if (prefix.equals("/wiki")) {
            builder.initParameter(Wiki.SETTINGS, settings.toString());
          }
        });
  }

  private static Suite requests() {
    var suite = new Suite();
    WicketRequests.addTo(suite);
    JSPWikiRequests.addTo(suite);
    return suite;
  }
}
