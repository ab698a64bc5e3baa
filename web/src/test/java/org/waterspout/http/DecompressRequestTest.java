// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.ioloop.LoopFuture;

/** The whole server, with compressed requests. */
class DecompressRequestTest {
  private static final int MAX_SIZE = 100_000;
  private static final int CHUNK = 1000;
  private static final String TEXT = "one, two, one, two, three";

  private static HTTPServerOptions.Builder options() {
    return HTTPServerOptions.builder()
        .decompressRequest(true)
        .maxBodySize(MAX_SIZE)
        .chunkSize(CHUNK);
  }

  private static TestServer serve(TestRequest.Answer answer) throws Exception {
    return new TestServer(TestRequest.answering(answer), options().build());
  }

  private static TestServer serve() throws Exception {
    return serve(DecompressRequestTest::echo);
  }

  private static void echo(TestRequest request) {
    request.reply(200, request.text());
  }

  private static byte[] post(String coding, byte[] body) {
    return post("Content-Length: " + body.length + "\r\nContent-Encoding: " + coding, "", body);
  }

  private static byte[] chunked(byte[] body, int size) {
    var wire = new StringBuilder();
    for (int i = 0; i < body.length; i += size) {
      byte[] chunk = Arrays.copyOfRange(body, i, Math.min(body.length, i + size));
      wire.append(Integer.toHexString(chunk.length)).append("\r\n");
      wire.append(new String(chunk, StandardCharsets.ISO_8859_1)).append("\r\n");
    }
    String fields = "Transfer-Encoding: chunked\r\nContent-Encoding: gzip";
    return post(fields, wire + "0\r\n\r\n", new byte[0]);
  }

  private static byte[] post(String fields, String first, byte[] body) {
    String head = "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n" + first;
    return Gzipped.joined(head.getBytes(StandardCharsets.ISO_8859_1), body);
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    new java.util.Random(1).nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip ,"})
  void inflatesBodies(String coding) throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      assertThat(client.send(post(coding, Gzipped.of(TEXT))).read().text()).isEqualTo(TEXT);
      assertThat(client.send(post(coding, Gzipped.of(""))).read().text()).isEmpty();
      assertThat(client.get("/").text()).isEmpty();
    }
  }

  @Test
  void inflatesChunkedBodiesAndPipelinedOnes() throws Exception {
    String large = random(50_000) + "x".repeat(50_000);
    try (var server = serve();
        var client = server.connect()) {
      byte[] first = chunked(Gzipped.of(large), 777);
      byte[] second = chunked(Gzipped.of(TEXT), 1);
      client.send(Gzipped.joined(first, second, post("gzip", Gzipped.of(large)), second));
      for (String text : new String[] {large, TEXT, large, TEXT}) {
        assertThat(client.read().text()).isEqualTo(text);
      }
    }
  }

  @Test
  void doesNotDependOnHowTheBodyArrives() throws Exception {
    byte[] wire = post("gzip", Gzipped.joined(Gzipped.of(TEXT), Gzipped.of(TEXT)));
    int head = new String(wire, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    try (var server = serve();
        var client = server.connect()) {
      for (int i = head - 2; i < wire.length; i++) {
        client.send(Arrays.copyOf(wire, i));
        server.turns(2);
        client.send(Arrays.copyOfRange(wire, i, wire.length));
        assertThat(client.read().text()).isEqualTo(TEXT + TEXT);
      }
    }
  }

  @Test
  void theHeadersAreThoseOfABodyThatWasNeverCompressed() throws Exception {
    var seen = new LinkedBlockingQueue<String>();
    TestRequest.Answer tell =
        request -> {
          seen.add(request.headers.toString());
          echo(request);
        };
    try (var server = serve(tell);
        var client = server.connect()) {
      client.send(post("GZip", Gzipped.of(TEXT))).read();
      assertThat(seen.poll(20, TimeUnit.SECONDS))
          .isEqualTo("Host: a\nX-Consumed-Content-Encoding: GZip\nTransfer-Encoding: chunked\n");
      client.send(chunked(Gzipped.of(TEXT), 10)).read();
      assertThat(seen.poll(20, TimeUnit.SECONDS))
          .isEqualTo("Host: a\nTransfer-Encoding: chunked\nX-Consumed-Content-Encoding: gzip\n");
      client.send(post("gzip", new byte[0])).read();
      assertThat(seen.poll(20, TimeUnit.SECONDS))
          .isEqualTo("Host: a\nContent-Length: 0\nX-Consumed-Content-Encoding: gzip\n");
    }
  }

  @Test
  void nobodyElseSaysThatSomethingWasInflated() throws Exception {
    TestRequest.Answer tell = request -> request.reply(200, request.headers.toString());
    try (var server = serve(tell);
        var client = server.connect()) {
      client.send(post("X-Consumed-Content-Encoding: gzip\r\nContent-Length: 0", "", new byte[0]));
      assertThat(client.read().text()).isEqualTo("Host: a\nContent-Length: 0\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflate", "br", "gzip, gzip", "br, gzip", "identity", "gzipped", ""})
  void otherCodingsAreLeftToTheDelegate(String coding) throws Exception {
    byte[] body = Gzipped.of(TEXT);
    TestRequest.Answer tell =
        request ->
            request.reply(200, request.headers.get("Content-Encoding") + " " + request.text());
    try (var server = serve(tell);
        var client = server.connect()) {
      assertThat(client.send(post(coding, body)).read().text())
          .isEqualTo(coding + " " + new String(body, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void inflatesNothingUnlessItIsToldTo() throws Exception {
    byte[] body = Gzipped.of(TEXT);
    try (var server = new TestServer(DecompressRequestTest::echo);
        var client = server.connect()) {
      assertThat(client.send(post("gzip", body)).read().text())
          .isEqualTo(new String(body, StandardCharsets.ISO_8859_1));
    }
  }

  private static void expectRefusal(int status, byte[] wire) throws Exception {
    try (var server = serve();
        var client = server.connect()) {
      assertThat(client.send(wire).read().status()).isEqualTo(status);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void refusesBodiesThatAreMalformed() throws Exception {
    byte[] good = Gzipped.of(TEXT);
    byte[] corrupt = good.clone();
    corrupt[good.length - 8]++;
    expectRefusal(400, post("gzip", TEXT.getBytes(StandardCharsets.ISO_8859_1)));
    expectRefusal(400, post("gzip", Arrays.copyOf(good, good.length - 1)));
    expectRefusal(400, post("gzip", Arrays.copyOf(good, 5)));
    expectRefusal(400, post("gzip", corrupt));
    expectRefusal(400, post("gzip", Gzipped.joined(good, new byte[1])));
    expectRefusal(400, chunked(Arrays.copyOf(good, good.length - 1), 7));
  }

  /** The pieces before the missing end are delivered, and then the delegate learns of it. */
  @Test
  void tellsADelegateThatHasPiecesAlready() throws Exception {
    byte[] good = Gzipped.of("x".repeat(MAX_SIZE));
    var lost = new CompletableFuture<Integer>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, DecompressRequestTest::echo) {
              @Override
              public void onConnectionClose() {
                lost.complete(body.size());
              }
            };
    try (var server = new TestServer(delegate, options().build());
        var client = server.connect()) {
      client.send(post("gzip", Arrays.copyOf(good, good.length - 1)));
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(lost.get(20, TimeUnit.SECONDS)).isEqualTo(MAX_SIZE);
    }
  }

  @Test
  void refusesBodiesThatBecomeTooLarge() throws Exception {
    expectRefusal(413, post("gzip", Gzipped.of("x".repeat(MAX_SIZE + 1))));
    expectRefusal(413, post("gzip", Gzipped.of("x".repeat(50_000_000))));
    expectRefusal(413, chunked(Gzipped.of("x".repeat(50_000_000)), 1000));
    byte[] half = Gzipped.of("x".repeat(MAX_SIZE / 2 + 1));
    expectRefusal(413, post("gzip", Gzipped.joined(half, half)));
  }

  @Test
  void refusesBodiesThatAreTooLargeAsTheyCome() throws Exception {
    expectRefusal(413, post("gzip", Gzipped.of(random(MAX_SIZE))));
    // members of nothing
    byte[] members = new byte[MAX_SIZE + 20];
    byte[] nothing = Gzipped.of("");
    for (int i = 0; i + nothing.length <= members.length; i += nothing.length) {
      System.arraycopy(nothing, 0, members, i, nothing.length);
    }
    expectRefusal(413, chunked(members, 10_000));
  }

  /** Answers the pieces that it got, one at a time. */
  private static final class Slow extends TestRequest {
    final LinkedBlockingQueue<byte[]> pieces;
    final LoopFuture<Void> release;

    Slow(HTTPConnection connection, LinkedBlockingQueue<byte[]> pieces, LoopFuture<Void> release) {
      super(connection, DecompressRequestTest::echo);
      this.pieces = pieces;
      this.release = release;
    }

    @Override
    public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
      super.dataReceived(chunk);
      pieces.add(chunk);
      return pieces.size() == 2 ? release : null;
    }
  }

  @Test
  void piecesAreShortAndWaitForTheDelegate() throws Exception {
    String text = "x".repeat(10 * CHUNK);
    var pieces = new LinkedBlockingQueue<byte[]>();
    var release = new CompletableFuture<LoopFuture<Void>>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) -> {
          release.complete(new LoopFuture<>(exchange.loop()));
          return new Slow(exchange, pieces, release.join());
        };
    try (var server = new TestServer(delegate, options().build());
        var client = server.connect()) {
      client.send(post("gzip", Gzipped.of(text)));
      var held = release.get(20, TimeUnit.SECONDS);
      while (pieces.size() < 2) {
        server.turns(1);
      }
      server.turns(5);
      assertThat(pieces).hasSize(2).allMatch(piece -> piece.length == CHUNK);
      server.call(() -> held.complete(null));
      assertThat(client.read().text()).isEqualTo(text);
      assertThat(pieces).allMatch(piece -> piece.length <= CHUNK);
    }
  }

  @Test
  void thousandsOfPiecesAreNoDeeperThanOne() throws Exception {
    var options = options().chunkSize(1).build();
    String text = "x".repeat(MAX_SIZE);
    try (var server = new TestServer(TestRequest.answering(DecompressRequestTest::echo), options);
        var client = server.connect()) {
      assertThat(client.send(post("gzip", Gzipped.of(text))).read().text()).isEqualTo(text);
    }
  }

  @Test
  void aLimitOfOneRequestCountsForWhatIsInflated() throws Exception {
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, DecompressRequestTest::echo) {
              @Override
              public @Nullable CompletionStage<?> headersReceived(
                  StartLine startLine, HTTPHeaders headers) throws Exception {
                exchange.setMaxBodySize(2L * MAX_SIZE);
                return super.headersReceived(startLine, headers);
              }
            };
    try (var server = new TestServer(delegate, options().build());
        var client = server.connect()) {
      String most = "x".repeat(2 * MAX_SIZE);
      assertThat(client.send(post("gzip", Gzipped.of(most))).read().text()).isEqualTo(most);
      assertThat(client.send(post("gzip", Gzipped.of(most + "x"))).read().status()).isEqualTo(413);
    }
  }

  @Test
  void answersThatDoNotWaitForTheBodyEndTheConnection() throws Exception {
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, DecompressRequestTest::echo) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                reply(200, "early");
                return null;
              }
            };
    try (var server = new TestServer(delegate, options().build());
        var client = server.connect()) {
      client.send(post("gzip", Gzipped.of("x".repeat(MAX_SIZE))));
      assertThat(client.read().text()).isEqualTo("early");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void peersThatVanishWithinABodyAreNoticed() throws Exception {
    var begun = new CompletableFuture<Void>();
    var gone = new CompletableFuture<Void>();
    HTTPServerConnectionDelegate delegate =
        (connection, exchange) ->
            new TestRequest(exchange, DecompressRequestTest::echo) {
              @Override
              public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
                begun.complete(null);
                return super.dataReceived(chunk);
              }

              @Override
              public void onConnectionClose() {
                gone.complete(null);
              }
            };
    try (var server = new TestServer(delegate, options().build());
        var client = server.connect()) {
      byte[] wire = post("gzip", Gzipped.of(TEXT));
      client.send(Arrays.copyOf(wire, wire.length - 6)); // a part of what follows the data
      begun.get(20, TimeUnit.SECONDS);
      client.reset();
      gone.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void bodiesThatStallAreAnsweredWith408() throws Exception {
    var options = options().stallTimeout(Duration.ofMillis(200)).build();
    try (var server = new TestServer(TestRequest.answering(DecompressRequestTest::echo), options);
        var client = server.connect()) {
      byte[] wire = post("gzip", Gzipped.of(TEXT));
      client.send(Arrays.copyOf(wire, wire.length - 10));
      assertThat(client.read().status()).isEqualTo(408);
    }
  }

  @Test
  void formsAreReadAsIfTheyHadNotBeenCompressed() throws Exception {
    TestRequest.Answer tell =
        request -> {
          var made =
              new HTTPServerRequest(
                  request.startLine, request.headers, new Object(), request.connection);
          made.setBody(request.body.toByteArray());
          request.reply(200, new String(made.bodyArguments().get("b").getFirst(), US_ASCII));
        };
    String type = "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n";
    byte[] form = Gzipped.of("a=1&b=two");
    try (var server = serve(tell);
        var client = server.connect()) {
      client.send(post(type + "Content-Length: " + form.length, "", form));
      assertThat(client.read().text()).isEqualTo("two");
    }
  }

  @Test
  void servesTheJDKsClient() throws Exception {
    String text = "0123456789".repeat(5000);
    try (var server = serve();
        var client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        var request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server.port()))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Encoding", "gzip")
                .expectContinue(i == 1)
                .POST(BodyPublishers.ofByteArray(Gzipped.of(text)));
        assertThat(client.send(request.build(), BodyHandlers.ofString()).body()).isEqualTo(text);
      }
    }
  }
}
