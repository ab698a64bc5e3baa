// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Applications of others, as Maven Central has them; the build puts them below {@code target}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RealWarTest {
  @TempDir Path temp;

  private BridgeServer serve(String name) throws Exception {
    return serve(name, temp);
  }

  /** With a file of settings, for those who know the parameter. */
  private static BridgeServer serve(String name, Path settings) throws Exception {
    Path war = Path.of("target", "wars", name);
    assertThat(war).as("what the build puts there before the tests").exists();
    return new BridgeServer(
        mount(
            "/app",
            ServletContainer.builder()
                .war(war)
                .ignoreSecurity()
                .initParameter("jspwiki.custom.config", settings.toString())
                .workDirectory(Path.of("target", "work")) // what is converted is kept
                .onStartFailure(OnStartFailure.FAIL)
                .build()));
  }

  private static String text(BridgeServer server, String path) throws Exception {
    HttpResponse<String> answer = server.get("/app" + path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void runsTheAgentOfJolokia() throws Exception {
    try (var server = serve("jolokia-agent-war.war")) {
      assertThat(text(server, "/version")).contains("\"agent\":\"2.0.0\"", "\"status\":200");
      assertThat(text(server, "/read/java.lang:type=Memory/HeapMemoryUsage")).contains("\"used\":");
      String collect = "{'type':'exec','mbean':'java.lang:type=Memory','operation':'gc'}";
      HttpResponse<String> exec =
          server.send(
              server
                  .request("/app/")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(collect.replace('\'', '"'))));
      assertThat(exec.body()).contains("\"status\":200");
    }
  }

  @Test
  void runsTheExamplesOfWicket() throws Exception {
    try (var server = serve("wicket-examples.war")) {
      assertThat(text(server, "/helloworld/")).contains("Hello World!");
      assertThat(text(server, "/index.html")).contains("Wicket");
      assertThat(text(server, "/repeater/")).contains("wicket");
      HttpResponse<String> form = server.get("/app/forminput/");
      assertThat(form.headers().firstValue("Set-Cookie").orElse("")).startsWith("JSESSIONID=");
      assertThat(server.get("/app/no-such-example").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void runsJSPWiki() throws Exception {
    Path config =
        Files.write(
            temp.resolve("wiki.properties"),
            List.of(
                "jspwiki.fileSystemProvider.pageDir=" + temp.resolve("pages"),
                "jspwiki.basicAttachmentProvider.storageDir=" + temp.resolve("files"),
                "jspwiki.workDir=" + temp.resolve("wiki")));
    try (var server = serve("jspwiki-war.war", config)) {
      assertThat(text(server, "/")).contains("<title>", "JSPWiki: Main");
      assertThat(text(server, "/Edit.jsp?page=Main")).contains("JSPWiki: Edit: Main");
      assertThat(text(server, "/Login.jsp")).contains("JSPWiki: Login");
      assertThat(text(server, "/wiki/RecentChanges")).contains("JSPWiki: RecentChanges");
      HttpResponse<String> script = server.get("/app/scripts/haddock.js");
      assertThat(script.headers().firstValue("Content-Type").orElse("")).contains("javascript");
      assertThat(server.get("/app/WEB-INF/web.xml").statusCode()).isEqualTo(404);
      assertThat(server.get("/app/NoSuch.jsp").statusCode()).isEqualTo(404);
    }
    assertThat(temp.resolve("pages")).as("nothing is written elsewhere").exists();
  }
}
