// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo's own application, with H2's console as its legacy servlet, in every deployment. */
@Timeout(60)
interface DemoContract {
  HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Deployment deployment();

  private String base() {
    return "http://127.0.0.1:" + deployment().port();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base() + path)).timeout(Duration.ofSeconds(20));
  }

  private String get(String path) throws Exception {
    return CLIENT.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  @Test
  default void theConsoleWorksFromLoginToTheRowsOfASelect() throws Exception {
    var console = new H2Console(base() + "/h2/");
    assertThat(console.loginPage()).contains("JDBC URL", "Password");
    assertThat(console.login("jdbc:h2:mem:demo;DB_CLOSE_DELAY=-1", "sa", ""))
        .contains("frame")
        .doesNotContain("class=\"error\"");
    console.query("DROP TABLE IF EXISTS SPOUT");
    assertThat(console.query("CREATE TABLE SPOUT(ID INT PRIMARY KEY, NAME VARCHAR(40))"))
        .contains("Update count: 0");
    assertThat(console.query("INSERT INTO SPOUT VALUES (1, 'Grüße & <b>'), (2, 'zwei')"))
        .contains("Update count: 2");
    assertThat(console.query("SELECT * FROM SPOUT ORDER BY ID"))
        .contains("<td>1</td>", "<td>Gr&#252;&#223;e &amp; &lt;b&gt;</td>", "<td>zwei</td>")
        .contains("(2 rows,");
    assertThat(console.query("SELECT * FROM NOWHERE")).contains("NOWHERE").contains("error");
  }

  @Test
  default void theHomePageIsServed() throws Exception {
    assertThat(get("/")).contains("<title>Waterspout demo</title>").doesNotContain("{{");
  }

  @Test
  default void twoThingsAreAwaitedAtOnce() throws Exception {
    assertThat(get("/both")).contains("slept 200 ms", "\"database\":\"H2 2.");
  }

  @Test
  default void aMessageAnswersALongPoll() throws Exception {
    var poll = CLIENT.sendAsync(request("/poll").build(), BodyHandlers.ofString());
    var send =
        request("/messages")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("text=ahoy"))
            .build();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!poll.isDone()) { // until the poll has arrived
      assertThat(System.nanoTime()).as("no answer").isLessThan(end);
      CLIENT.send(send, BodyHandlers.discarding());
    }
    assertThat(poll.get(20, TimeUnit.SECONDS).body()).isEqualTo("{\"message\":\"ahoy\"}");
  }

  @Test
  default void theStreamComesInPieces() throws Exception {
    assertThat(get("/stream")).startsWith("piece 1 of 5").endsWith("piece 5 of 5\n");
  }

  @Test
  default void theCapabilitiesNameTheDeployment() throws Exception {
    assertThat(get("/capabilities")).contains("\"deployment\"", "\"LONG_POLLING\"");
  }
}
