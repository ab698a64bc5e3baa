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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a fetch goes when it is sent elsewhere, and what it takes along. */
class RedirectTest {
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

  /** {@code /CODE?LOCATION} leads there; anything else is answered with 200. */
  private ScriptedServer server() throws Exception {
    return new ScriptedServer(
        peer -> {
          for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
            heads.add(head);
            body(peer, head);
            var target = head.split(" ", 3)[1];
            int query = target.indexOf('?');
            if (target.matches("/\\d\\d\\d\\?.*")) {
              peer.say(
                  "HTTP/1.1 "
                      + target.substring(1, query)
                      + " Go\r\nLocation: "
                      + target.substring(query + 1)
                      + "\r\nContent-Length: 4\r\n\r\n"
                      + (head.startsWith("HEAD") ? "" : "gone"));
            } else if (head.startsWith("HEAD")) {
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
            } else {
              peer.answer("arrived");
            }
          }
        });
  }

  private static void body(ScriptedServer.Peer peer, String head) throws Exception {
    if (head.contains("Content-Length: 4")) {
      assertThat(peer.bytes(4)).isEqualTo("body");
    } else if (head.contains("chunked")) {
      assertThat(peer.bytes(14)).isEqualTo("4\r\nbody\r\n0\r\n\r\n");
    }
  }

  private String head(int number) {
    return heads.get(number);
  }

  @ParameterizedTest
  @CsvSource({
    "301, GET, GET", "301, HEAD, HEAD", "301, POST, GET", "301, PUT, PUT", "301, DELETE, DELETE",
    "302, GET, GET", "302, HEAD, HEAD", "302, POST, GET", "302, PUT, PUT", "302, DELETE, DELETE",
    "303, GET, GET", "303, HEAD, HEAD", "303, POST, GET", "303, PUT, GET", "303, DELETE, GET",
    "307, GET, GET", "307, HEAD, HEAD", "307, POST, POST", "307, PUT, PUT", "307, PATCH, PATCH",
    "308, GET, GET", "308, HEAD, HEAD", "308, POST, POST", "308, PUT, PUT", "308, PATCH, PATCH"
  })
  void goesOnWithTheMethodThatTheStatusMeans(int code, String method, String then)
      throws Exception {
    try (var server = server()) {
      var request = HTTPRequest.builder(server.url("/" + code + "?/there")).method(method);
      boolean hasBody = method.startsWith("P");
      if (hasBody) {
        request.body("body").header("Content-Type", "text/x").header("Content-Language", "en");
      }
      var response = client.fetch(request.build());
      assertThat(response.text()).isEqualTo(method.equals("HEAD") ? "" : "arrived");
      assertThat(response.effectiveUrl()).isEqualTo(server.url("/there"));
      assertThat(response.request().url()).isEqualTo(server.url("/" + code + "?/there"));
      assertThat(head(1)).startsWith(then + " /there HTTP/1.1\r\n");
      if (hasBody && then.equals("GET")) {
        assertThat(head(1)).doesNotContain("Content-");
      } else if (hasBody) {
        assertThat(head(1)).contains("Content-Length: 4\r\n", "Content-Type: text/x\r\n");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void takesCredentialsAlongWithinAnOrigin() throws Exception {
    try (var server = server()) {
      var response =
          client.fetch(
              server.url("/302?/there").replace("//", "//u:p@"),
              request -> request.header("Cookie", "a=b").header("X-A", "1"));
      assertThat(response.code()).isEqualTo(200);
      assertThat(head(1))
          .contains("Authorization: Basic dTpw\r\n", "Cookie: a=b\r\n", "X-A: 1\r\n");
    }
  }

  @Test
  void takesNoCredentialsToAnotherOrigin() throws Exception {
    try (var server = server();
        var other = server()) {
      var to = other.url("/there").replace("//", "//x:y@");
      for (var url :
          List.of(
              server.url("/302?" + to).replace("//127", "//u:p@127"), server.url("/302?" + to))) {
        heads.clear();
        var response =
            client.fetch(
                url,
                request ->
                    request
                        .auth("u", "p")
                        .header("Cookie", "a=b")
                        .header("Proxy-Authorization", "Basic eDp5")
                        .header("Host", "shown.example")
                        .header("X-A", "1"));
        assertThat(response.effectiveUrl()).isEqualTo(other.url("/there"));
        assertThat(head(0)).contains("Authorization: Basic dTpw\r\n", "Host: shown.example\r\n");
        assertThat(head(1))
            .contains("X-A: 1\r\n", "Host: 127.0.0.1:" + other.port() + "\r\n")
            .doesNotContain("Authorization", "Cookie", "shown");
      }
      heads.clear();
      client.fetch(
          server.url("/302?" + other.url("/there")),
          request -> request.header("Authorization", "Bearer secret"));
      assertThat(head(0)).contains("Bearer secret");
      assertThat(head(1)).doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST"})
  void countsAnotherNameAsAnotherOrigin(String host) throws Exception {
    try (var server = server()) {
      client.fetch(
          server.url("/302?http://" + host + ":" + server.port() + "/there"),
          request -> request.header("Cookie", "a=b").allowIPv6(false));
      assertThat(head(1)).contains("Host: localhost:").doesNotContain("Cookie");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 306})
  void leavesOtherStatusesToTheCaller(int code) throws Exception {
    try (var server =
        ScriptedServer.answering(
            "HTTP/1.1 " + code + " X\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(client.fetch(server.url("/"), request -> request).code()).isEqualTo(code);
    }
  }

  @Test
  void isFinalWithoutALocationAndWhereNotToBeFollowed() throws Exception {
    try (var server = ScriptedServer.answering("HTTP/1.1 302 X\r\nContent-Length: 2\r\n\r\nhi")) {
      assertThat(client.fetch(server.url("/"), request -> request).text()).isEqualTo("hi");
    }
    try (var server = server()) {
      var response =
          client.fetch(server.url("/302?/there"), request -> request.followRedirects(false));
      assertThat(response.code()).isEqualTo(302);
      assertThat(response.text()).isEqualTo("gone");
      assertThat(response.effectiveUrl()).isEqualTo(server.url("/302?/there"));
    }
  }

  @Test
  void givesUpGoingRoundInACircle() throws Exception {
    try (var server =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                heads.add(head);
                peer.say("HTTP/1.1 302 Go\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
              }
            })) {
      var failure = client.failure(HTTPRequest.builder(server.url("/")).maxRedirects(3).build());
      assertThat(failure).isInstanceOf(HTTPClientError.class).hasMessage("HTTP 302: Go");
      assertThat(((HTTPClientError) failure).response().headers().get("Location")).isEqualTo("/");
      assertThat(heads).hasSize(4);
      assertThat(client.fetch(server.url("/"), r -> r.maxRedirects(0)).code()).isEqualTo(302);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//",
        "http://",
        "http://127.0.0.1:99999/",
        "/a b",
        "/\\evil.example"
      })
  void refusesToGoElsewhere(String location) throws Exception {
    try (var server =
        ScriptedServer.answering(
            "HTTP/1.1 302 Go\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(client.failure(server.url("/")))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("a redirect to what is not followed")
          .extracting(e -> ((HTTPClientError) e).code())
          .isEqualTo(302);
    }
  }

  @Test
  void repeatsABodyOnlyIfItsProducerCan() throws Exception {
    var again =
        new BodyProducer() {
          @Override
          public void produce(BodyWriter body) {
            await(body.write("body"));
          }

          @Override
          public boolean repeatable() {
            return true;
          }
        };
    try (var server = server()) {
      var request = HTTPRequest.builder(server.url("/307?/there")).method("POST");
      assertThat(client.fetch(request.bodyProducer(again).build()).text()).isEqualTo("arrived");
      assertThat(head(1)).startsWith("POST /there").contains("chunked");
      assertThat(client.failure(request.bodyProducer(again::produce).build()))
          .isInstanceOf(HTTPClientError.class)
          .hasMessageContaining("the redirect 307 wants the body again");
      var changed = HTTPRequest.builder(server.url("/303?/there")).method("POST");
      assertThat(client.fetch(changed.bodyProducer(again::produce).build()).text())
          .isEqualTo("arrived");
    }
  }

  @Test
  void showsCallbacksOnlyTheFinalAnswer() throws Exception {
    try (var server = server()) {
      var seen = new CopyOnWriteArrayList<String>();
      client.fetch(
          server.url("/302?/303?/there"),
          request ->
              request
                  .headerCallback((line, headers) -> seen.add("head " + line.status()))
                  .streamingCallback(chunk -> seen.add(new String(chunk))));
      assertThat(seen).containsExactly("head 200", "arrived");
    }
  }

  @Test
  void needsNoSecondPlaceForTheNextRequest() throws Exception {
    try (var one = new ClientLoop(ClientOptions.builder().maxClients(1).build());
        var server = server();
        var other = server()) {
      assertThat(one.fetch(server.url("/302?" + other.url("/303?/there"))).text())
          .isEqualTo("arrived");
    }
  }

  private static void leadsNowhere(Throwable failure, String why) {
    assertThat(failure)
        .isInstanceOf(HTTPClientError.class)
        .hasMessageContaining(why)
        .message()
        .doesNotContain("secret");
    var error = (HTTPClientError) failure;
    assertThat(error.code()).isEqualTo(302);
    assertThat(error.response().headers().get("Location")).isNotEmpty();
  }

  @Test
  void refusesCredentialsThatCannotBeSent() throws Exception {
    try (var server = server()) {
      var to = server.url("/there").replace("//", "//a%3Ab:secret@");
      leadsNowhere(
          client.failure(server.url("/302?" + to)), "not followed: a colon in the user's name");
      assertThat(client.fetch(server.url("/there")).timeInfo().connect()).isZero();
    }
  }

  @Test
  void refusesAReferenceThatMakesTooLongAURL() throws Exception {
    var half = "x".repeat(40_000);
    try (var server =
        ScriptedServer.answering(
            "HTTP/1.1 302 Go\r\nLocation: ?" + half + "\r\nContent-Length: 0\r\n\r\n")) {
      leadsNowhere(client.failure(server.url("/" + half)), "a URL of ");
    }
  }

  @Test
  void refusesTwoWaysAtOnce() throws Exception {
    var same = "Location: /a\r\n".repeat(2);
    try (var server =
        new ScriptedServer(
            peer -> {
              for (var head = peer.head(); !head.isEmpty(); head = peer.head()) {
                var fields =
                    head.startsWith("GET /two") ? "Location: /a\r\nLocation: /b\r\n" : same;
                if (head.startsWith("GET /a")) {
                  peer.answer("arrived");
                } else {
                  peer.say("HTTP/1.1 302 Go\r\n" + fields + "Content-Length: 0\r\n\r\n");
                }
              }
            })) {
      leadsNowhere(client.failure(server.url("/two")), "a redirect to several places: ");
      assertThat(client.fetch(server.url("/same")).text()).isEqualTo("arrived");
    }
  }
}
