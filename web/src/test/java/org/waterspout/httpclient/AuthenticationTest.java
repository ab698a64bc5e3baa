// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digest authentication, with a server that looks closely. */
class AuthenticationTest {
  private static final Credentials USER = new Credentials("user", "secret", AuthMode.DIGEST);

  private final List<String> heads = new CopyOnWriteArrayList<>();
  private ClientLoop client;

  @BeforeEach
  void start() throws Exception {
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
  }

  /** Wants a digest for the nonce that it gave last, of which it says that each but n0 is stale. */
  private ScriptedServer server(String algorithm, int stale) throws Exception {
    return new ScriptedServer(
        peer -> {
          for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
            heads.add(head);
            if (head.contains("Content-Length: 4")) {
              peer.bytes(4);
            } else if (head.contains("chunked")) {
              peer.bytes(14);
            }
            var value = DigestCheck.field(head, "Authorization");
            boolean good = DigestCheck.holds(value, head.split(" ", 2)[0], "secret");
            if (good && value.contains("nonce=\"n" + stale + "\"")) {
              peer.answer("welcome");
            } else {
              var challenge =
                  "Digest realm=\"r\", qop=\"auth\", algorithm="
                      + algorithm
                      + ", nonce=\"n"
                      + heads.size()
                      + "\""
                      + (good ? ", stale=TRUE" : "");
              peer.say(
                  "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"b\"\r\nWWW-Authenticate: "
                      + challenge
                      + "\r\nContent-Length: 4\r\n\r\nwho?");
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-256"})
  void answersAChallenge(String algorithm) throws Exception {
    try (var server = server(algorithm, 1)) {
      var response = client.fetch(server.url("/a?b"), request -> request.credentials(USER));
      assertThat(response.text()).isEqualTo("welcome");
      assertThat(heads).hasSize(2);
      assertThat(heads.get(0)).doesNotContain("Authorization", "secret");
      assertThat(heads.get(1)).contains("uri=\"/a?b\"").doesNotContain("secret");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void answersOnceMoreIfItsNonceWasStale() throws Exception {
    try (var server = server("MD5", 2)) {
      assertThat(client.fetch(server.url("/"), request -> request.credentials(USER)).text())
          .isEqualTo("welcome");
      assertThat(heads).hasSize(3);
    }
  }

  @Test
  void doesNotAnswerForEver() throws Exception {
    try (var server = server("MD5", 99)) {
      var response = client.fetch(server.url("/"), request -> request.credentials(USER));
      assertThat(response.code()).isEqualTo(401);
      assertThat(response.text()).isEqualTo("who?");
      assertThat(heads).hasSize(3);
    }
  }

  @Test
  void doesNotRepeatAWrongPassword() throws Exception {
    try (var server = server("MD5", 1)) {
      var wrong = new Credentials("user", "guess", AuthMode.DIGEST);
      assertThat(client.fetch(server.url("/"), r -> r.credentials(wrong)).code()).isEqualTo(401);
      assertThat(heads).hasSize(2);
    }
  }

  @Test
  void leavesAChallengeToTheCallerIfItCannotAnswer() throws Exception {
    try (var server = server("SHA-512", 1)) {
      assertThat(client.fetch(server.url("/"), r -> r.credentials(USER)).code()).isEqualTo(401);
      assertThat(client.fetch(server.url("/"), r -> r.auth("user", "x")).code()).isEqualTo(401);
      assertThat(client.fetch(server.url("/"), r -> r).code()).isEqualTo(401);
      assertThat(heads).hasSize(3);
    }
  }

  @Test
  void takesTheNameFromTheURL() throws Exception {
    try (var server = server("SHA-256", 1)) {
      var url = server.url("/").replace("//", "//user:secret@");
      var other = new Credentials("other", "x", AuthMode.DIGEST);
      assertThat(client.fetch(url, r -> r.credentials(other)).text()).isEqualTo("welcome");
    }
  }

  @Test
  void repeatsABodyOnlyIfItsProducerCan() throws Exception {
    try (var server = server("MD5", 1)) {
      var request = HTTPRequest.builder(server.url("/")).method("POST").credentials(USER);
      assertThat(client.fetch(request.body("body").build()).text()).isEqualTo("welcome");
      var produced =
          request.body((byte[]) null).bodyProducer(body -> await(body.write("body"))).build();
      assertThat(client.failure(produced))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("the challenge 401 wants the body again");
    }
  }

  @Test
  void keepsWhatItKnowsToTheOrigin() throws Exception {
    try (var server = server("MD5", 1);
        var from =
            ScriptedServer.answering(
                "HTTP/1.1 302 X\r\nLocation: "
                    + server.url("/")
                    + "\r\nContent-Length: 0\r\n\r\n")) {
      var response = client.fetch(from.url("/"), request -> request.credentials(USER));
      assertThat(response.code()).isEqualTo(401);
      assertThat(heads).hasSize(1);
    }
  }

  private static List<String> challenge(String nonce, boolean stale) {
    return List.of("Digest realm=\"r\", qop=\"auth\", nonce=\"" + nonce + "\", stale=" + stale);
  }

  @Test
  void renewsANonceOnceMoreAfterItWasGoodForSomething() {
    var authentication = new Authentication(USER);
    assertThat(authentication.answers(challenge("a", false))).isTrue();
    assertThat(authentication.answers(challenge("b", true))).isTrue();
    assertThat(authentication.answers(challenge("c", true))).isFalse();
    authentication.accepted();
    assertThat(authentication.answers(challenge("d", false))).isFalse();
    assertThat(authentication.answers(challenge("e", true))).isTrue();
    assertThat(authentication.value("GET", "/")).contains("nonce=\"e\"", "nc=00000001");
  }

  @Test
  void isNotKeptBusyByServerAndProxyInTurns() throws Exception {
    try (var both =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                heads.add(head);
                boolean proxy = heads.size() % 2 == 0;
                peer.say(
                    (proxy ? "HTTP/1.1 407 Who\r\nProxy" : "HTTP/1.1 401 Who\r\nWWW")
                        + "-Authenticate: "
                        + challenge("n" + heads.size(), true).getFirst()
                        + "\r\nContent-Length: 0\r\n\r\n");
              }
            })) {
      var request =
          HTTPRequest.builder("http://far.example/")
              .credentials(USER)
              .proxy(new HTTPProxy("127.0.0.1", both.port(), USER))
              .build();
      assertThat(client.fetchAny(request).code()).isIn(401, 407);
      assertThat(heads).hasSizeLessThan(10);
    }
  }
}
