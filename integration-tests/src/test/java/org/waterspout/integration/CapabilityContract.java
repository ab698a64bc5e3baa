// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;

/**
 * What a deployment offers works, and what it does not offer is refused: one test for each
 * capability that is not a matter of streams, which {@link StreamContract} has.
 */
interface CapabilityContract extends Contract {
  String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

  private RawClient upgrade(String target, String fields) throws IOException {
    var client = connect();
    client.send(
        "GET "
            + path(target)
            + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + KEY
            + fields
            + "\r\n");
    return client;
  }

  /** The route is refused because of this one. */
  private void assertRefused(String answer, Capability capability) {
    assertThat(offers(capability)).isFalse();
    assertThat(answer).as(capability + " of " + deployment().column()).startsWith("HTTP/1.1 501");
  }

  @Test
  default void saysWhatItOffers() throws Exception {
    var answer = get("/capabilities").body();
    for (var capability : Capability.values()) {
      assertThat(answer).contains("\"" + capability + "\":" + offers(capability));
    }
  }

  @Test
  default void aHandlerTakesTheSocket() throws Exception {
    var answer = rawGet("/detach");
    if (offers(Capability.DETACH)) {
      assertThat(answer).isEmpty(); // the handler took the socket and closed it
    } else {
      assertRefused(answer, Capability.DETACH);
    }
    measured(Capability.DETACH);
  }

  @Test
  default void aCallThatNeedsWhatIsMissingIsRefusedByName() throws Exception {
    var answer = rawGet("/misuse");
    if (offers(Capability.DETACH)) {
      assertThat(answer).isEmpty(); // the handler took the socket and closed it
    } else {
      assertThat(answer).contains("MissingCapabilityException", "DETACH", deployment().name());
    }
  }

  @Test
  default void aWaitingHandlerLearnsAtOnceThatItsClientIsGone() throws Exception {
    var id = "watched-" + UUID.randomUUID();
    try (var client = connect()) {
      client.send("GET " + path("/watched") + "?id=" + id + " HTTP/1.1\r\nHost: x\r\n\r\n");
      if (offers(Capability.CLOSE_DETECTION)) {
        Contract.until(() -> observed(id), "here"::equals);
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.CLOSE_DETECTION);
      }
    }
    if (offers(Capability.CLOSE_DETECTION)) {
      Contract.until(() -> observed(id), "gone"::equals);
    }
    measured(Capability.CLOSE_DETECTION);
  }

  /** More than the threads of any container. */
  @Test
  default void manyAnswersWaitWithoutAThreadForEach() throws Exception {
    if (!offers(Capability.LONG_POLLING)) {
      assertRefused(rawGet("/parked"), Capability.LONG_POLLING);
    } else {
      var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 300; i++) {
        waiting.add(CLIENT.sendAsync(request("/parked").build(), BodyHandlers.ofString()));
      }
      assertThat(get("/hello").statusCode()).isEqualTo(200); // somebody is free
      for (var each : waiting) {
        assertThat(releaseUntilDone(each, "event")).isEqualTo("event");
      }
    }
    measured(Capability.LONG_POLLING);
  }

  @Test
  default void aReasonPhraseOfOnesOwnIsSent() throws Exception {
    var answer = rawGet("/reason");
    if (offers(Capability.CUSTOM_REASON_PHRASE)) {
      assertThat(answer).startsWith("HTTP/1.1 202 Perhaps\r\n");
    } else {
      assertRefused(answer, Capability.CUSTOM_REASON_PHRASE);
    }
    measured(Capability.CUSTOM_REASON_PHRASE);
  }

  @Test
  default void aRequestIsHeldToALimitOfItsOwn() throws Exception {
    try (var client = connect()) {
      client.send("POST " + path("/limited") + " HTTP/1.1\r\nHost: x\r\n");
      client.send("Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + "x".repeat(1000) + "\r\n");
      if (offers(Capability.PER_REQUEST_LIMITS)) {
        client.send("0\r\n\r\n");
        assertThat(client.readUntil("all 1000")).startsWith("HTTP/1.1 200");
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.PER_REQUEST_LIMITS);
      }
    }
    try (var client = connect()) {
      client.send("POST " + path("/limited") + " HTTP/1.1\r\nHost: x\r\n");
      client.send("Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + "x".repeat(1001) + "\r\n");
      assertThat(client.readUntil("\r\n"))
          .startsWith(offers(Capability.PER_REQUEST_LIMITS) ? "HTTP/1.1 413" : "HTTP/1.1 501");
    }
    measured(Capability.PER_REQUEST_LIMITS);
  }

  @Test
  default void anAnswerThatIsCutIsSeenAsBroken() throws Exception {
    if (offers(Capability.ABORT)) {
      assertThatThrownBy(() -> get("/cut")).isInstanceOf(IOException.class);
      try (var _ = deployment().expectLog("Uncaught exception GET /fails-halfway ")) {
        assertThatThrownBy(() -> get("/fails-halfway")).isInstanceOf(IOException.class);
      }
    } else {
      assertRefused(rawGet("/cut"), Capability.ABORT);
    }
    assertThat(get("/hello").statusCode()).isEqualTo(200);
    measured(Capability.ABORT);
  }

  @Test
  default void aWebSocketIsOpened() throws Exception {
    try (var client = upgrade("/socket", "")) {
      if (offers(Capability.WEBSOCKET)) {
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
        assertThat(client.readUntil("Hello")).isEqualTo("\u0081\u0005Hello");
        client.send("\u0088\u0080\0\0\0\0"); // a close frame, so that the server ends it
        assertThat(client.readToEnd()).startsWith("\u0088"); // with a code of their own, or none
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.WEBSOCKET);
      }
    }
    measured(Capability.WEBSOCKET);
  }

  @Test
  default void webSocketMessagesAreCompressedByTheHandlersOptions() throws Exception {
    try (var client = upgrade("/compressed", "Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
      if (offers(Capability.WEBSOCKET_COMPRESSION)) {
        assertThat(client.readUntil("\r\n\r\n"))
            .startsWith("HTTP/1.1 101 ")
            .contains("permessage-deflate");
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.WEBSOCKET_COMPRESSION);
      }
    }
    measured(Capability.WEBSOCKET_COMPRESSION);
  }

  @Test
  default void webSocketHandlersSeePings() throws Exception {
    try (var client = upgrade("/pinged", "")) {
      if (offers(Capability.WEBSOCKET_PING_NOTICE)) {
        client.readUntil("\r\n\r\n");
        client.send("\u0089\u0082\0\0\0\0me");
        client.readUntil("pinged by me");
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.WEBSOCKET_PING_NOTICE);
      }
    }
    measured(Capability.WEBSOCKET_PING_NOTICE);
  }

  @Test
  default void webSocketHandlersPingAndSeePongs() throws Exception {
    try (var client = upgrade("/pinging", "")) {
      if (offers(Capability.WEBSOCKET_PING_CONTROL)) {
        client.readUntil("\u0089\u0003you");
        client.send("\u008a\u0083\0\0\0\0you");
        client.readUntil("ponged by you");
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.WEBSOCKET_PING_CONTROL);
      }
    }
    measured(Capability.WEBSOCKET_PING_CONTROL);
  }

  @Test
  default void earlyHintsComeBeforeTheAnswer() throws Exception {
    var answer = rawGet("/hints");
    if (offers(Capability.INFORMATIONAL_ANSWERS)) {
      assertThat(answer)
          .startsWith("HTTP/1.1 103 ")
          .containsSubsequence("rel=preload", "HTTP/1.1 200 ", "hinted");
    } else {
      assertRefused(answer, Capability.INFORMATIONAL_ANSWERS);
    }
    measured(Capability.INFORMATIONAL_ANSWERS);
  }

  @Test
  default void trailersOfARequestAreDelivered() throws Exception {
    try (var client = connect()) {
      client.send(
          "POST "
              + path("/trailers")
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n0\r\nX-Sum: 1 2\r\nAuthorization: x\r\n\r\n");
      var answer = client.readToEnd();
      if (offers(Capability.REQUEST_TRAILERS)) {
        assertThat(answer).startsWith("HTTP/1.1 200").contains("3 [1 2] false");
      } else {
        assertRefused(answer, Capability.REQUEST_TRAILERS);
      }
    }
    measured(Capability.REQUEST_TRAILERS);
  }

  /** On a connection that stays: where it is to close, Undertow sends no chunks. */
  @Test
  default void trailersOfAnAnswerAreSent() throws Exception {
    try (var client = connect()) {
      client.send("GET " + path("/trailing") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      if (offers(Capability.RESPONSE_TRAILERS)) {
        assertThat(client.readUntil("X-Sum: 42\r\n\r\n"))
            .containsSubsequence("Transfer-Encoding: chunked", "body\r\n0\r\nX-Sum");
      } else {
        assertRefused(client.readUntil("\r\n"), Capability.RESPONSE_TRAILERS);
      }
    }
    measured(Capability.RESPONSE_TRAILERS);
  }

  /** Nothing is refused: who borrows has another way. */
  @Test
  default void theWriteSideIsLent() throws Exception {
    var answer = rawGet("/loan");
    if (offers(Capability.WRITE_LOAN)) {
      assertThat(answer).isEmpty(); // the borrower cut it
    } else {
      assertThat(answer).endsWith("not lent");
    }
    measured(Capability.WRITE_LOAN);
  }
}
