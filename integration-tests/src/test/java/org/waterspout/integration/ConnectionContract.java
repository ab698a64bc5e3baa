// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections, malformed requests and failures. */
interface ConnectionContract extends Contract {
  @Test
  default void answersPipelinedRequestsInOrder() throws Exception {
    try (var client = connect()) {
      var get = "GET " + path("/awaits") + "?id=%d HTTP/1.1\r\nHost: x\r\n%s\r\n";
      client.send(
          get.formatted(1, "") + get.formatted(2, "") + get.formatted(3, "Connection: close\r\n"));
      var all = client.readToEnd();
      assertThat(all).containsSubsequence("1+1=1", "2+2=2", "3+3=3");
    }
  }

  @Test
  default void refusesAMalformedRequestWith400AndCloses() throws Exception {
    for (var malformed :
        List.of(
            " HTTP/1.1\r\n\r\n",
            " HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            " HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
            " HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")) {
      try (var client = connect()) {
        client.send("GET " + path("/hello") + malformed);
        assertThat(client.readToEnd()).as(malformed).startsWith("HTTP/1.1 400");
      }
    }
  }

  /** How much is too much, and which status says so, is the container's. */
  @Test
  default void refusesHeadersThatAreTooLarge() throws Exception {
    try (var client = connect()) {
      client.send("GET " + path("/hello") + " HTTP/1.1\r\nHost: x\r\n");
      try {
        for (int i = 0; i < 40; i++) {
          client.send("X-Large-" + i + ": " + "x".repeat(60_000) + "\r\n");
        }
        client.send("\r\n");
        assertThat(client.readUntil("\r\n")).matches("HTTP/1.1 (431|400) .*\\r\\n");
      } catch (IOException e) {
        // closed while the client was still sending: its answer is lost then
        assertThat(get("/hello").statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  default void answersManyConnectionsOneAfterTheOther() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (var client = connect()) {
        client.send("GET " + path("/hello") + " HTTP/1.0\r\n\r\n");
        assertThat(client.readToEnd().getBytes(StandardCharsets.ISO_8859_1)).hasSizeGreaterThan(13);
      }
    }
  }

  @Test
  default void aFailingHandlerIsAnsweredWithAPageThatTellsNothing() throws Exception {
    for (var path : new String[] {"/fails", "/fails-hard", "/fails-later"}) {
      try (var _ = deployment().expectLog("Uncaught exception GET " + path + " ")) {
        var answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(500);
        assertThat(answer.body()).as(path).contains("500").doesNotContain("secret");
        assertThat(get("/hello").statusCode()).isEqualTo(200);
      }
    }
  }
}
