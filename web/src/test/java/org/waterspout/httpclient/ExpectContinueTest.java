// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;

/** A body that waits until it is wanted. */
class ExpectContinueTest {
  private ClientLoop client;

  @BeforeEach
  void start() throws Exception {
    client = new ClientLoop(ClientOptions.builder().continueTimeout(Duration.ofHours(1)).build());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
  }

  private static HTTPRequest post(ScriptedServer server, boolean produced) {
    var request = HTTPRequest.builder(server.url("/")).method("POST").expect100Continue(true);
    if (produced) {
      return request.header("Content-Length", "4").bodyProducer(body -> body.write("body")).build();
    }
    return request.body("body").build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsTheBodyOnceItIsWanted(boolean produced) throws Exception {
    try (var server =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                assertThat(head).contains("Expect: 100-continue\r\n", "Content-Length: 4\r\n");
                peer.say(
                    "HTTP/1.1 103 Early Hints\r\n\r\n"
                        + "HTTP/1.1 100 Continue\r\n"
                        + "Content-Length: 0\r\n\r\n");
                peer.answer("got " + peer.bytes(4));
              }
            })) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.fetch(post(server, produced)).text()).isEqualTo("got body");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsNoBodyThatIsNotWanted(boolean produced) throws Exception {
    var rest = new StringBuffer();
    var ended = new CountDownLatch(1);
    try (var server =
        new ScriptedServer(
            peer -> {
              peer.head();
              peer.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
              rest.append(peer.bytes(1));
              ended.countDown();
            })) {
      var failure = client.failure(post(server, produced));
      assertThat(failure).hasMessage("HTTP 413: Too Large");
      assertThat(((HTTPClientError) failure).response().text()).isEqualTo("no");
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue(); // the connection is not kept
      assertThat(rest).isEmpty();
    }
  }

  @Test
  void waitsForNobodyForEver() throws Exception {
    try (var server =
            new ScriptedServer(
                peer -> {
                  peer.head();
                  peer.answer("got " + peer.bytes(4));
                });
        var impatient =
            new ClientLoop(
                ClientOptions.builder().continueTimeout(Duration.ofMillis(10)).build())) {
      assertThat(impatient.fetch(post(server, false)).text()).isEqualTo("got body");
    }
  }

  @Test
  void takesAnAnswerThatComesBeforeTheBodyWasSent() throws Exception {
    try (var server =
        new ScriptedServer(
            peer -> {
              peer.head();
              peer.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
              peer.awaitEnd();
            })) {
      var request =
          HTTPRequest.builder(server.url("/"))
              .method("POST")
              .bodyProducer(body -> await(new LoopFuture<Void>()))
              .build();
      assertThat(client.failure(request)).hasMessage("HTTP 413: Too Large");
      assertThat(client.call(() -> client.client.pool().openCount())).isZero();
    }
  }

  private static ScriptedServer expectingNothing(List<String> heads) throws Exception {
    return new ScriptedServer(
        peer -> {
          for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
            heads.add(head);
            if (head.contains("Expect")) {
              peer.say("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            } else {
              peer.answer("got " + peer.bytes(4));
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asksAgainWithoutTheExpectationThatAServerCannotMeet(boolean produced) throws Exception {
    var heads = new CopyOnWriteArrayList<String>();
    try (var server = expectingNothing(heads)) {
      assertThat(client.fetch(post(server, produced)).text()).isEqualTo("got body");
      assertThat(heads).hasSize(2);
      assertThat(heads.getLast()).doesNotContain("Expect").contains("Content-Length: 4\r\n");
    }
  }

  @Test
  void asksNotAgainForABodyThatIsGone() throws Exception {
    var heads = new CopyOnWriteArrayList<String>();
    var begun = new CountDownLatch(1);
    try (var server =
            new ScriptedServer(
                peer -> {
                  heads.add(peer.head());
                  assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
                  peer.say("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
                  peer.awaitEnd();
                });
        var impatient =
            new ClientLoop(
                ClientOptions.builder().continueTimeout(Duration.ofMillis(10)).build())) {
      var request =
          HTTPRequest.builder(server.url("/"))
              .method("POST")
              .expect100Continue(true)
              .bodyProducer(
                  body -> {
                    await(body.write("bo"));
                    begun.countDown();
                    await(new LoopFuture<Void>());
                  })
              .build();
      assertThat(impatient.failure(request)).hasMessage("HTTP 417: Expectation Failed");
      assertThat(heads).hasSize(1);
    }
  }
}
