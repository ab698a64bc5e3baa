// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request of a real connection says about itself. */
class HTTPServerRequestTest {
  /** What a server finds in the request, which is looked at on its loop. */
  private static <T> T look(String wire, Function<HTTPServerRequest, T> look) throws Exception {
    var found = new CompletableFuture<T>();
    TestRequest.Answer looking =
        made -> {
          var request =
              new HTTPServerRequest(made.startLine, made.headers, new Object(), made.connection);
          request.setBody(made.body.toByteArray());
          found.complete(look.apply(request));
          made.reply(200, "");
        };
    try (var server = new TestServer(looking);
        var client = server.connect()) {
      assertThat(client.send(wire).read().status()).isEqualTo(200);
      return found.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a%2Fb?c HTTP/1.1|Host: Example.ORG:81|, Example.ORG:81, example.org, /a%2Fb, c,"
        + " http://Example.ORG:81/a%2Fb?c",
    "GET / HTTP/1.1|Host: [::1]:81|, [::1]:81, [::1], /, '', http://[::1]:81/",
    "GET / HTTP/1.1|Host: [::1]|, [::1], [::1], /, '', http://[::1]/",
    "GET http://B:1/x?y HTTP/1.1|Host: a|, B:1, b, /x, y, http://B:1/x?y",
    "GET /? HTTP/1.0|, 127.0.0.1, 127.0.0.1, /, '', http://127.0.0.1/",
    "GET //c HTTP/1.1|Host: a|, a, a, //c, '', http://a//c",
  })
  void knowsItsTarget(String wire, String host, String name, String path, String query, String url)
      throws Exception {
    look(
        wire.replace("|", "\r\n") + "\r\n",
        request -> {
          assertThat(request.host()).isEqualTo(host);
          assertThat(request.hostName()).isEqualTo(name);
          assertThat(request.path()).isEqualTo(path);
          assertThat(request.query()).isEqualTo(query);
          assertThat(request.fullURL()).isEqualTo(url);
          return 0;
        });
  }

  @Test
  void knowsHowLongAgoItCame() throws Exception {
    var before = Instant.now().minusMillis(1);
    look(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        request -> {
          assertThat(request.startTime()).isBetween(before, Instant.now());
          assertThat(request.requestTime()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
          assertThat(request.requestTime()).isLessThanOrEqualTo(request.requestTime());
          return 0;
        });
  }

  @Test
  void doesNotTellItsHeadersAndItsBodyToLogs() throws Exception {
    String wire =
        "POST /a?%0a HTTP/1.1\r\nHost: a\r\nCookie: secret=1\r\nContent-Length: 6\r\n\r\nsecret";
    assertThat(look(wire, HTTPServerRequest::toString))
        .isEqualTo("HTTPServerRequest(POST \"/a?%0a\", 127.0.0.1)");
  }

  @Test
  void argumentsOfTheQueryComeBeforeThoseOfTheBody() throws Exception {
    String wire =
        "PUT /?a=1&b&a=2 HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n\r\na=3&c;d";
    look(
        wire,
        request -> {
          assertThat(request.arguments()).containsOnlyKeys("a", "b", "c;d");
          assertThat(request.arguments().get("a")).containsExactly(one("1"), one("2"), one("3"));
          assertThat(request.queryArguments().get("a")).containsExactly(one("1"), one("2"));
          assertThat(request.bodyArguments().get("a")).containsExactly(one("3"));
          assertThat(request.arguments().get("b")).containsExactly(new byte[0]);
          return 0;
        });
  }

  private static byte[] one(String digit) {
    return digit.getBytes();
  }
}
