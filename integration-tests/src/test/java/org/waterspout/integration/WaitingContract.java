// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers that wait, and answers that come in pieces. */
interface WaitingContract extends Contract {
  @Test
  default void handlersAwait() throws Exception {
    assertThat(get("/awaits?id=7").body()).isEqualTo("7+7=7");
  }

  @Test
  default void handlersThatAwaitAtTheSameTimeDoNotMix() {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 200; i++) {
      answers.add(CLIENT.sendAsync(request("/awaits?id=" + i).build(), BodyHandlers.ofString()));
    }
    for (int i = 0; i < 200; i++) {
      assertThat(answers.get(i).orTimeout(20, TimeUnit.SECONDS).join().body())
          .isEqualTo(i + "+" + i + "=" + i);
    }
  }

  @Test
  default void callbackHandlersAnswerLater() throws Exception {
    assertThat(get("/callbacks").body()).isEqualTo("called back");
  }

  @Test
  default void handlersFetchFromOtherServers() throws Exception {
    var uri = request("/hello").build().uri();
    assertThat(get("/fetch?url=" + URLEncoder.encode(uri.toString(), UTF_8)).body())
        .isEqualTo("fetched Hello, wörld");
  }

  @Test
  default void callbacksComePeriodically() throws Exception {
    assertThat(get("/ticks").body()).isEqualTo("ticked");
  }

  @Test
  default void aLongPollIsAnsweredWhenItsEventComes() throws Exception {
    var waiting = CLIENT.sendAsync(request("/wait").build(), BodyHandlers.ofString());
    assertThat(releaseUntilDone(waiting, "event")).isEqualTo("event");
  }

  @Test
  default void eventsArriveWhenTheyAreSentAndHeartbeatsBetweenThem() throws Exception {
    try (var client = connect()) {
      client.send("GET " + path("/events") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readUntil("data: first\n\n")).contains("text/event-stream");
      client.readUntil("\n:"); // a comment
      release("second");
      client.readUntil("data: second\n\n");
    }
  }

  /** Where a deployment does not tell, the next writes do. */
  @Test
  default void aHandlerThatWritesLearnsThatItsClientIsGone() throws Exception {
    var id = "beat-" + UUID.randomUUID();
    try (var client = connect()) {
      client.send("GET " + path("/heartbeat") + "?id=" + id + " HTTP/1.1\r\nHost: x\r\n\r\n");
      client.readUntil("beat ");
      assertThat(observed(id)).isEmpty();
    }
    Contract.until(() -> observed(id), "gone"::equals);
  }
}
