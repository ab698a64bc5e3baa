// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.gen.Gen.multi;
import static org.waterspout.web.Application.url;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPInputException;
import org.waterspout.http.HTTPOutputException;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.iostream.StreamClosedException;
import org.waterspout.text.Product;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** What a fetch sends and gets, with our own server at the other end. */
class AsyncHTTPClientTest {
  /** Says what has come. */
  static final class Echo extends RequestHandler {
    @Override
    protected void get() {
      say();
    }

    @Override
    protected void head() {
      say();
    }

    @Override
    protected void post() {
      say();
    }

    @Override
    protected void put() {
      say();
    }

    @Override
    protected void patch() {
      say();
    }

    @Override
    protected void delete() {
      say();
    }

    @Override
    protected void options() {
      say();
    }

    private void say() {
      setHeader("Content-Type", "text/plain; charset=UTF-8");
      write(request().method() + " " + request().uri() + "\n");
      request().headers().forEach((name, value) -> write(name + ": " + value + "\n"));
      write("\n");
      write(new String(request().body(), UTF_8));
    }
  }

  /** Answers with a status. */
  static final class Status extends RequestHandler {
    @Override
    protected void get() {
      setStatus(Integer.parseInt(pathArgument(0)));
      if (!pathArgument(0).equals("304") && !pathArgument(0).equals("204")) {
        write("body of " + pathArgument(0));
      }
    }
  }

  /** Many bytes, in pieces. */
  static final class Large extends RequestHandler {
    @Override
    protected void get() {
      for (int i = 0; i < 100; i++) {
        write("x".repeat(10_000));
        await(flush());
      }
    }
  }

  private ClientLoop client;
  private SiteServer site;

  @BeforeEach
  void start() throws Exception {
    site =
        new SiteServer(
            new Application(
                url("/echo.*", Echo::new),
                url("/status/(\\d+)", Status::new),
                url("/large", Large::new)));
    client = new ClientLoop();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    site.close();
  }

  @Test
  void getsAPage() throws Exception {
    var response = client.fetch(site.url("/echo?a=b#c"));
    assertThat(response.code()).isEqualTo(200);
    assertThat(response.reason()).isEqualTo("OK");
    assertThat(response.ok()).isTrue();
    assertThat(response.error()).isNull();
    assertThat(response.effectiveUrl()).isEqualTo(site.url("/echo?a=b"));
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(response.text())
        .startsWith("GET /echo?a=b\nHost: 127.0.0.1:" + site.server.port() + "\n")
        .contains("User-Agent: " + Product.NAME + "\n", "Accept-Encoding: gzip\n")
        .doesNotContain("Authorization", "Connection");
    assertThat(response.startTime()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    var times = response.timeInfo();
    assertThat(times.total())
        .isEqualTo(response.requestTime())
        .isGreaterThanOrEqualTo(times.startTransfer());
    assertThat(times.connect()).isPositive();
    assertThat(times.secure()).isZero();
  }

  @Test
  void keepsAConnectionForTheNextRequest() throws Exception {
    client.fetch(site.url("/echo"));
    var second = client.fetch(site.url("/echo"));
    assertThat(second.timeInfo().connect()).isZero();
    assertThat(client.call(() -> client.client.pool().openCount())).isEqualTo(1);
  }

  @Test
  void fetchesSeveralAtOnce() throws Exception {
    var texts =
        client.call(
            () -> {
              var fetches = new ArrayList<LoopFuture<HTTPResponse>>();
              for (int i = 0; i < 20; i++) {
                fetches.add(client.client.fetch(site.url("/echo/" + i)));
              }
              return await(multi(fetches)).stream().map(HTTPResponse::text).toList();
            });
    for (int i = 0; i < 20; i++) {
      assertThat(texts.get(i)).startsWith("GET /echo/" + i + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void sendsABody(String method) throws Exception {
    var response =
        client.fetch(site.url("/echo"), request -> request.method(method).body("b\u00f6dy"));
    assertThat(response.text())
        .startsWith(method)
        .contains("Content-Length: 5\n")
        .endsWith("\n\nb\u00f6dy");
    assertThat(response.text().contains("application/x-www-form-urlencoded"))
        .isEqualTo(method.equals("POST"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "OPTIONS"})
  void sendsNoBody(String method) throws Exception {
    var response = client.fetch(site.url("/echo"), request -> request.method(method));
    assertThat(response.text()).startsWith(method).doesNotContain("Content-Length", "Transfer-");
  }

  @Test
  void knowsThatHEADHasNoBody() throws Exception {
    var response = client.fetch(site.url("/echo"), request -> request.method("HEAD"));
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().get("Content-Length")).isNotNull();
    assertThat(client.fetch(site.url("/echo")).timeInfo().connect()).isZero();
  }

  @Test
  void sendsAnEmptyBody() throws Exception {
    assertThat(client.fetch(site.url("/echo"), request -> request.method("POST").body("")).text())
        .contains("Content-Length: 0\n");
  }

  @Test
  void sendsBodiesOfAnySize() throws Exception {
    for (int size : new int[] {1, 1000, 100_000, 10_000_000}) {
      var body = "x".repeat(size);
      var response = client.fetch(site.url("/echo"), r -> r.method("POST").body(body));
      assertThat(response.text()).hasSizeGreaterThan(size).endsWith("\n\n" + body);
    }
  }

  @Test
  void sendsWhatAProducerWrites() throws Exception {
    var response =
        client.fetch(
            site.url("/echo"),
            request ->
                request
                    .method("POST")
                    .bodyProducer(
                        body -> {
                          for (int i = 0; i < 5; i++) {
                            await(body.write("piece " + i + ";"));
                          }
                        }));
    assertThat(response.text())
        .contains("Transfer-Encoding: chunked\n")
        .endsWith("\n\npiece 0;piece 1;piece 2;piece 3;piece 4;");
  }

  @Test
  void announcesTheLengthOfWhatAProducerWrites() throws Exception {
    var response =
        client.fetch(
            site.url("/echo"),
            request ->
                request
                    .method("PUT")
                    .header("Content-Length", "4")
                    .bodyProducer(body -> body.write("four")));
    assertThat(response.text())
        .contains("Content-Length: 4\n")
        .doesNotContain("chunked")
        .endsWith("\n\nfour");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fou", "fourf"})
  void refusesAProducerThatDoesNotKeepItsWord(String body) throws Exception {
    var request =
        HTTPRequest.builder(site.url("/echo"))
            .method("PUT")
            .header("Content-Length", "4")
            .bodyProducer(writer -> writer.write(body))
            .build();
    assertThat(client.failure(request)).isInstanceOf(HTTPOutputException.class);
  }

  @Test
  void failsWithWhatAProducerThrows() throws Exception {
    var reason = new IllegalArgumentException("no more");
    var request =
        HTTPRequest.builder(site.url("/echo"))
            .method("POST")
            .bodyProducer(
                body -> {
                  await(body.write("some"));
                  throw reason;
                })
            .build();
    assertThat(client.failure(request)).isSameAs(reason);
    assertThat(client.fetch(site.url("/echo")).timeInfo().connect()).isPositive();
  }

  @Test
  void asksForAPartAsItIs() throws Exception {
    var response = client.fetch(site.url("/echo"), request -> request.header("Range", "bytes=1-"));
    assertThat(response.text()).contains("Range: bytes=1-\n").doesNotContain("Accept-Encoding");
  }

  @Test
  void sendsHeadersAndLeavesTheCallersAlone() throws Exception {
    var headers = new HTTPHeaders();
    headers.add("X-A", "1");
    headers.add("x-a", "2");
    headers.add("Host", "other.example");
    headers.add("User-Agent", "mine");
    var response = client.fetch(site.url("/echo"), request -> request.headers(headers));
    assertThat(response.text())
        .contains("Host: other.example\n", "X-A: 1\nx-a: 2\n", "User-Agent: mine\n")
        .doesNotContain("Waterspout", "127.0.0.1");
    assertThat(headers.size()).isEqualTo(4);
  }

  @Test
  void saysWhoItIsOrNot() throws Exception {
    assertThat(client.fetch(site.url("/echo"), request -> request.userAgent("me/1")).text())
        .contains("User-Agent: me/1\n");
    assertThat(client.fetch(site.url("/echo"), request -> request.userAgent(null)).text())
        .doesNotContain("User-Agent");
  }

  @Test
  void asksForWhatIsNewer() throws Exception {
    var since = Instant.parse("1994-11-06T08:49:37Z");
    assertThat(client.fetch(site.url("/echo"), request -> request.ifModifiedSince(since)).text())
        .contains("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\n");
  }

  @Test
  void sendsCredentialsOfRequestAndURL() throws Exception {
    assertThat(client.fetch(site.url("/echo"), request -> request.auth("us\u00e9r", "p:w")).text())
        .contains("Authorization: Basic dXPDqXI6cDp3\n");
    var url = site.url("/echo").replace("//", "//a:b@");
    var response = client.fetch(url, request -> request.auth("c", "d"));
    assertThat(response.text())
        .contains("Authorization: Basic YTpi\n", "Host: 127.0.0.1:" + site.server.port() + "\n")
        .doesNotContain("a:b");
    assertThat(response.effectiveUrl()).isEqualTo(site.url("/echo"));
  }

  @ParameterizedTest
  @ValueSource(ints = {304, 400, 404, 500, 503})
  void raisesAnErrorForWhatIsNoSuccess(int status) throws Exception {
    var failure = client.failure(site.url("/status/" + status));
    assertThat(failure)
        .isInstanceOf(HTTPClientError.class)
        .hasMessageStartingWith("HTTP " + status + ": ");
    var error = (HTTPClientError) failure;
    assertThat(error.code()).isEqualTo(status);
    assertThat(error.response().text()).isEqualTo(status == 304 ? "" : "body of " + status);
    assertThat(client.fetch(site.url("/echo")).timeInfo().connect()).isZero(); // kept all the same
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 404})
  void raisesNoErrorIfToldSo(int status) throws Exception {
    var response = client.fetch(site.url("/status/" + status), request -> request);
    assertThat(response.code()).isEqualTo(status);
    if (status == 404) {
      assertThatExceptionOfType(HTTPClientError.class).isThrownBy(response::rethrow);
    } else {
      response.rethrow();
    }
  }

  @Test
  void handsTheBodyToACallbackAsItComes() throws Exception {
    var body = new ByteArrayOutputStream();
    var head = new ArrayList<String>();
    var response =
        client.fetch(
            site.url("/large"),
            request ->
                request
                    .headerCallback((line, headers) -> head.add(line.status() + "/" + body.size()))
                    .streamingCallback(
                        chunk -> {
                          await(moment());
                          body.writeBytes(chunk);
                        }));
    assertThat(response.body()).isEmpty();
    assertThat(head).containsExactly("200/0");
    assertThat(body.toString(UTF_8)).isEqualTo("x".repeat(1_000_000));
  }

  @Test
  void failsWithWhatACallbackThrows() throws Exception {
    failsWith(new IOException("disk full"));
    failsWith(new StreamClosedException(null)); // another one
    failsWith(new HTTPInputException("of another message"));
  }

  private void failsWith(Exception reason) throws Exception {
    var streaming =
        HTTPRequest.builder(site.url("/large"))
            .streamingCallback(
                chunk -> {
                  throw reason;
                })
            .build();
    assertThat(client.failure(streaming)).isSameAs(reason);
    var head =
        HTTPRequest.builder(site.url("/large"))
            .headerCallback(
                (line, headers) -> {
                  throw reason;
                })
            .build();
    assertThat(client.failure(head)).isSameAs(reason);
    assertThat(client.call(() -> client.client.pool().openCount())).isZero();
  }

  @Test
  void runsCallbacksInTheCallersContext() throws Exception {
    var contexts = new ArrayList<Boolean>();
    client.call(
        () -> {
          for (int i = 0; i < 2; i++) { // the second on a kept connection
            var mine = client.loop.context().withErrorRoute(e -> {});
            var fetches = new ArrayList<LoopFuture<HTTPResponse>>();
            mine.run(
                () ->
                    fetches.add(
                        client.client.fetch(
                            HTTPRequest.builder(site.url("/echo"))
                                .headerCallback(
                                    (l, h) -> contexts.add(client.loop.context() == mine))
                                .streamingCallback(c -> contexts.add(client.loop.context() == mine))
                                .build())));
            await(fetches.getFirst());
          }
          return 0;
        });
    assertThat(contexts).isNotEmpty().doesNotContain(false);
  }

  @Test
  void readsTextInTheCharsetOfItsType() {
    var types =
        Arrays.asList("text/plain", "text/plain; charset=latin1", "x; charset=nonsense", "a b");
    for (var type : types) {
      var headers = new HTTPHeaders();
      headers.add("Content-Type", type);
      var response =
          new HTTPResponse(
              HTTPRequest.builder("http://h/").build(),
              200,
              "",
              headers,
              new HTTPHeaders(),
              "http://h/",
              type.contains("latin1") ? new byte[] {(byte) 0xe9} : "\u00e9".getBytes(UTF_8),
              Instant.now(),
              null);
      assertThat(response.text()).as(type).isEqualTo("\u00e9");
    }
  }
}
