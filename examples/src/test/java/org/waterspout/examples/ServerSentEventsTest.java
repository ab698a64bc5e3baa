// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.waterspout.web.testing.ApplicationExtension;

/** The clock and the job, over a network. */
@Timeout(60)
final class ServerSentEventsTest {
  @RegisterExtension
  static final ApplicationExtension app =
      ApplicationExtension.of(
          () -> ServerSentEvents.application(Duration.ofMillis(5), Duration.ofNanos(1)));

  @Test
  void showsItsPage() {
    assertThat(app.fetch("/").text()).contains("new EventSource(\"clock\")");
  }

  @Test
  void theClockTicksUntilTheClientGoes() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(app.url("/clock"))).timeout(Duration.ofSeconds(20));
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request.build(), BodyHandlers.ofLines());
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      try (var lines = answer.body()) {
        var times =
            lines
                .filter(line -> line.startsWith("data: "))
                .map(line -> Instant.parse(line.substring(6)))
                .limit(3);
        assertThat(times).hasSize(3).isSorted();
      }
      client.shutdownNow();
    }
  }

  /** What comes but for comments, of which there may be more if the machine is slow. */
  private static String progress(String lastId) {
    var answer = app.fetch("/progress", request -> request.header("Last-Event-ID", lastId));
    return answer.text().replace(":\n\n", "");
  }

  @Test
  void theJobGoesFromBeginningToEnd() {
    assertThat(app.fetch("/progress").text().replace(":\n\n", ""))
        .startsWith("event: progress\nid: 1\ndata: 1/100\n\n")
        .endsWith("id: 100\ndata: 100/100\n\nevent: done\ndata: all 100 steps\n\n");
  }

  @Test
  void aClientThatComesBackGoesOnWhereItWas() {
    assertThat(progress("98"))
        .isEqualTo(
            "event: progress\nid: 99\ndata: 99/100\n\n"
                + "event: progress\nid: 100\ndata: 100/100\n\n"
                + "event: done\ndata: all 100 steps\n\n");
    assertThat(progress("100")).isEqualTo("event: done\ndata: all 100 steps\n\n");
    assertThat(progress("99999999999")).startsWith("event: progress\nid: 1\n");
  }
}
