// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.iostream.StreamClosedException;

/** Producers that do not do what they should. */
class BodyProducerTest {
  private ScriptedServer server;
  private ClientLoop client;

  @BeforeEach
  void start() throws Exception {
    server =
        new ScriptedServer(
            peer -> {
              while (!peer.head().isEmpty()) {
                peer.answer("ok");
              }
            });
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private HTTPRequest put(int length, BodyProducer producer) {
    return HTTPRequest.builder(server.url("/"))
        .method("PUT")
        .header("Content-Length", Integer.toString(length))
        .requestTimeout(ClientLoop.DEADLINE)
        .bodyProducer(producer)
        .build();
  }

  @Test
  void failWithACancellationOfTheirOwn() throws Exception {
    var request =
        put(
            1,
            body -> {
              throw new CancellationException("theirs");
            });
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> client.fetch(request));
  }

  @Test
  void failWithTheEndOfAnotherStream() throws Exception {
    var reason = new StreamClosedException(null);
    var request =
        put(
            1,
            body -> {
              throw reason;
            });
    assertThat(client.failure(request)).isSameAs(reason);
  }

  @Test
  void failWithWhatTheyWereRefused() throws Exception {
    var request =
        put(
            1,
            body -> {
              try {
                var _ = body.write("too long");
              } catch (HTTPOutputException e) {
                // and they go on
              }
            });
    assertThat(client.failure(request)).isInstanceOf(HTTPOutputException.class);
  }

  @Test
  void writeNothingIntoTheRequestsOfOthers() throws Exception {
    var kept = new AtomicReference<BodyWriter>();
    var first =
        put(
            1,
            body -> {
              kept.set(body);
              body.write("x");
            });
    try (var reading =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                peer.bytes(1);
                peer.answer("ok");
              }
            })) {
      var there = first.toBuilder().url(reading.url("/")).build();
      assertThat(client.fetch(there).text()).isEqualTo("ok");
      assertThat(client.fetch(there).text()).isEqualTo("ok");
      var stale = kept.get();
      client.call(
          () -> {
            assertThatIllegalStateException().isThrownBy(() -> stale.write("STALE"));
            return 0;
          });
    }
  }
}
