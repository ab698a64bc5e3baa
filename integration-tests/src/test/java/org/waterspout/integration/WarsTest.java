// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.waterspout.integration.Differential.Explained;

/** Applications of others, or of others' frameworks, mounted by us and deployed to Jetty. */
final class WarsTest {
  private static final Pattern CHANGING = Pattern.compile("jsessionid=[0-9a-f]+|[0-9]+ ms");

  private static final List<Explained> EXPLAINED =
      List.of(
          Explained.of("//hello/you$", "status", "empty segments are left out, section 3.5.2"),
          Explained.of("^GET /[a-z]+$", "status", "302, as Tomcat"),
          Explained.of("^GET /(spring|jersey)/$", "status", "directories are not listed"),
          Explained.of(
              "^GET /console/../console/$",
              "status",
              "a mount is found by the path as it was sent, which does not leave its prefix"),
          Explained.of("/old$", "location", "section 5.5: a location is made absolute"),
          Explained.of("/count", "set-cookie", "the session cookie is HttpOnly and SameSite=Lax"),
          Explained.of("/count", "expires", "Jetty lets an answer with a new session expire"),
          Explained.of(
              ".",
              "content-type",
              "Jetty adds a charset of its own to text, even where the application writes bytes"),
          Explained.of("about.html", "etag", "files have one"),
          Explained.of(
              "^upload without an end$",
              "status",
              "a form that breaks off is broken, which Spring takes for its own failure"));

  @Test
  void answersAsJetty() throws Exception {
    var folder = ContractWar.cleanFolder("differential", "wars");
    var wars =
        Map.of(
            "/spring", Path.of("../examples/spring-war/target/spring.war").toAbsolutePath(),
            "/jersey", Path.of("../examples/jersey-war/target/jersey.war").toAbsolutePath(),
            "/jolokia", JolokiaWar.write(folder),
            "/console", ConsoleWar.write(folder));
    var requests = WarsRequests.all();
    var differential = new Differential();
    List<String> ours;
    try (var mounted = new MountedWars(folder.resolve("work"), wars)) {
      differential.add("ours", requests.run(mounted.port()));
      ours = query(mounted.port());
    }
    var own = ContractWar.cleanFolder("differential", "wars-jetty");
    try (var jetty = Container.JETTY_EE11.start(own, wars)) {
      differential.add("jetty", requests.run(jetty.port()));
      assertThat(ours).isEqualTo(query(jetty.port()));
    }
    differential.check(Path.of("target", "differential", "wars.txt"), EXPLAINED);
  }

  /** What H2's console shows on the way from its login to the end of a query. */
  private static List<String> query(int port) throws Exception {
    var console = new H2Console("http://127.0.0.1:" + port + "/console/");
    var pages = new ArrayList<String>();
    pages.add(console.loginPage());
    pages.add(console.login("jdbc:h2:mem:", "sa", ""));
    pages.add(
        console.query("create table storms(name varchar); select 'K\u00e4the <b>' from dual"));
    assertThat(pages.getLast()).contains("K&#228;the &lt;b&gt;");
    return pages.stream().map(page -> CHANGING.matcher(page).replaceAll("X")).toList();
  }
}
