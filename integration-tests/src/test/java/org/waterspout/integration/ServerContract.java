// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.waterspout.http.Capability;
import org.waterspout.log.Log;
import org.waterspout.testing.ExpectLog;

/**
 * What every deployment of one application promises. Implemented once for each, over {@link
 * org.waterspout.integration.contract.ContractApplication}.
 *
 * <p>The requests come from the JDK's client and from a socket that is written to byte by byte, not
 * from our own client: what that gets wrong our server might take, and the same requests go to
 * containers, which nothing of ours starts. So it is only our own server that runs by {@link
 * org.waterspout.web.testing.ApplicationExtension}.
 */
@Timeout(60)
interface ServerContract {
  HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  Deployment deployment();

  // ---- helpers

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + deployment().port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, HttpRequest.BodyPublisher body) throws Exception {
    return CLIENT.send(request(path).POST(body).build(), BodyHandlers.ofString());
  }

  private void release(String word) throws Exception {
    assertThat(post("/release", BodyPublishers.ofString(word)).statusCode()).isEqualTo(200);
  }

  /** Opens the gate until the answer that waits for it is there. */
  private String releaseUntilDone(CompletableFuture<HttpResponse<String>> waiting, String word)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!waiting.isDone()) {
      assertThat(System.nanoTime()).as("no answer").isLessThan(end);
      release(word); // the waiting request may arrive after the first
    }
    return waiting.get(20, TimeUnit.SECONDS).body();
  }

  private static byte[] randomBytes(int size) {
    var bytes = new byte[size];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  private static long sum(byte[] bytes) {
    var sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }

  // ---- answers

  @Test
  default void answersTextInUtf8() throws Exception {
    var answer = get("/hello");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("Hello, wörld");
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .matches("text/html; ?charset=(UTF-8|utf-8)"); // containers spell it their way
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("13");
    assertThat(answer.headers().allValues("Date")).hasSize(1);
    assertThat(answer.headers().allValues("Server")).hasSize(1);
  }

  @Test
  default void answersHeadWithTheHeadersOfGet() throws Exception {
    var head = request("/hello").method("HEAD", BodyPublishers.noBody()).build();
    var answer = CLIENT.send(head, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("13");
  }

  @Test
  default void sendsFilesWholeAndInParts() throws Exception {
    var bytes = randomBytes(300_000);
    var path = "/static/large.bin";
    var whole = CLIENT.send(request(path).build(), BodyHandlers.ofByteArray());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("Content-Length")).hasValue("300000");
    assertThat(sum(whole.body())).isEqualTo(sum(bytes));
    var part = request(path).header("Range", "bytes=100000-299998").build();
    var sent = CLIENT.send(part, BodyHandlers.ofByteArray());
    assertThat(sent.statusCode()).isEqualTo(206);
    assertThat(sent.headers().firstValue("Content-Range")).hasValue("bytes 100000-299998/300000");
    assertThat(sum(sent.body())).isEqualTo(sum(Arrays.copyOfRange(bytes, 100_000, 299_999)));
    var tag = whole.headers().firstValue("ETag").orElseThrow();
    var again = request(path).header("If-None-Match", tag).build();
    var known = CLIENT.send(again, BodyHandlers.ofByteArray());
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    assertThat(known.headers().firstValue("ETag")).hasValue(tag);
    assertThat(get("/static/missing").statusCode()).isEqualTo(404);
  }

  @Test
  default void whatTheClientHasIsNotSentAgain() throws Exception {
    var tag = get("/hello").headers().firstValue("ETag").orElseThrow();
    var again = request("/hello").header("If-None-Match", "\"other\", " + tag).build();
    var answer = CLIENT.send(again, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
  }

  @Test
  default void answersJsonThatIsSafeInScripts() throws Exception {
    var answer = get("/json");
    assertThat(answer.body()).isEqualTo("{\"tag\":\"<\\/script>\"}");
    assertThat(answer.headers().firstValue("Content-Type")).get().asString().contains("json");
  }

  @Test
  default void decodesPathAndQueryArguments() throws Exception {
    assertThat(get("/path/a%20b/c/d?q=x%26y+z").body()).isEqualTo("a b|c/d|x&y z");
    assertThat(get("/path/gr%C3%BCn/").body()).isEqualTo("grün||-");
  }

  @Test
  default void carriesHeadersAndCookies() throws Exception {
    var request =
        request("/headers").header("X-In", "in").header("Cookie", "seen=yes; other=no").build();
    var answer = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("in|yes");
    assertThat(answer.headers().allValues("X-Twice")).containsExactly("one", "two");
    assertThat(answer.headers().firstValue("Set-Cookie")).get().asString().contains("flavour=salt");
  }

  @Test
  default void answers404And405() throws Exception {
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    var answer = get("/echo");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).get().asString().contains("POST");
  }

  // ---- bodies

  @Test
  default void echoesABodyOfKnownLength() throws Exception {
    var body = randomBytes(1_000_000);
    var request = request("/echo").POST(BodyPublishers.ofByteArray(body)).build();
    assertThat(CLIENT.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
  }

  @Test
  default void echoesAChunkedBody() throws Exception {
    var body = randomBytes(300_000);
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    var answer = CLIENT.send(request("/echo").POST(chunked).build(), BodyHandlers.ofByteArray());
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  default void takesALargeUploadPieceByPiece() throws Exception {
    var body = randomBytes(10_000_000);
    assertThat(post("/upload", BodyPublishers.ofByteArray(body)).body())
        .isEqualTo(body.length + " " + sum(body));
  }

  @Test
  default void sendsALargeDownloadPieceByPiece() throws Exception {
    var answer =
        CLIENT.send(request("/download?size=20000001").build(), BodyHandlers.ofByteArray()).body();
    assertThat(answer).hasSize(20_000_001);
    for (int i = 0; i < answer.length; i += 9_973) {
      assertThat(answer[i]).isEqualTo((byte) (i / 50_000));
    }
  }

  @Test
  default void readsForms() throws Exception {
    var form =
        request("/form?name=query")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("name=a+b&name=%C3%A9&other=x"))
            .build();
    assertThat(CLIENT.send(form, BodyHandlers.ofString()).body()).isEqualTo("query,a b,é|x");
  }

  @Test
  default void readsMultipartForms() throws Exception {
    var body =
        "--x\r\n"
            + "Content-Disposition: form-data; name=\"name\"\r\n\r\n"
            + "grün\r\n"
            + "--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
            + "1\r\n"
            + "--x--";
    var form =
        request("/form?name=query")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(BodyPublishers.ofString(body))
            .build();
    assertThat(CLIENT.send(form, BodyHandlers.ofString()).body()).isEqualTo("query,grün|none");
  }

  @Test
  default void refusesABodyThatIsTooLargeWith413() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
      assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 413");
    }
  }

  // ---- waiting

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
  default void aLongPollIsAnsweredWhenItsEventComes() throws Exception {
    var waiting = CLIENT.sendAsync(request("/wait").build(), BodyHandlers.ofString());
    assertThat(releaseUntilDone(waiting, "event")).isEqualTo("event");
  }

  @Test
  default void aStreamedPieceArrivesBeforeTheNextIsMade() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send("GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readUntil("first ")).contains("200");
      release("second");
      assertThat(client.readToEnd()).contains("second"); // in a chunk, or until the close
    }
  }

  // ---- connections

  @Test
  default void answersPipelinedRequestsInOrder() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      var get = "GET /awaits?id=%d HTTP/1.1\r\nHost: x\r\n%s\r\n";
      client.send(
          get.formatted(1, "") + get.formatted(2, "") + get.formatted(3, "Connection: close\r\n"));
      var all = client.readToEnd();
      assertThat(all).containsSubsequence("1+1=1", "2+2=2", "3+3=3");
    }
  }

  @Test
  default void refusesAMalformedRequestWith400AndCloses() throws Exception {
    for (var malformed :
        new String[] {
          "GET /hello HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
          "GET /hello HTTP/1.1\r\n\r\n",
          "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
        }) {
      try (var client = new RawClient(deployment().port())) {
        client.send(malformed);
        assertThat(client.readToEnd()).as(malformed).startsWith("HTTP/1.1 400");
      }
    }
  }

  @Test
  default void refusesHeadersThatAreTooLargeWith431() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(70_000));
      assertThat(client.readUntil("\r\n")).startsWith("HTTP/1.1 431");
    }
  }

  @Test
  default void deliversTrailersWhereTheyAreOffered() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send(
          "POST /trailers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n0\r\nX-Sum: 1 2\r\nAuthorization: x\r\n\r\n");
      var answer = client.readToEnd();
      if (deployment().capabilities().contains(Capability.REQUEST_TRAILERS)) {
        assertThat(answer).startsWith("HTTP/1.1 200").contains("3 [1 2] false");
      } else {
        assertThat(answer).startsWith("HTTP/1.1 501");
      }
    }
  }

  // ---- failures

  @Test
  default void aFailingHandlerIsAnsweredWithAPageThatTellsNothing() throws Exception {
    for (var path : new String[] {"/fails", "/fails-hard", "/fails-later"}) {
      try (var _ = new ExpectLog(Log.APPLICATION, "Uncaught exception GET " + path + " ")) {
        var answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(500);
        assertThat(answer.body()).as(path).contains("500").doesNotContain("secret");
        assertThat(get("/hello").statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  default void anAnswerThatFailsHalfwayIsCutAndNotEnded() throws Exception {
    try (var _ = new ExpectLog(Log.APPLICATION, "Uncaught exception GET /fails-halfway ")) {
      assertThatThrownBy(() -> get("/fails-halfway")).isInstanceOf(IOException.class);
      assertThat(get("/hello").statusCode()).isEqualTo(200);
    }
  }

  // ---- capabilities

  @Test
  default void saysWhatItOffers() throws Exception {
    var answer = get("/capabilities").body();
    for (var capability : Capability.values()) {
      assertThat(answer)
          .contains("\"" + capability + "\":" + deployment().capabilities().contains(capability));
    }
  }

  @Test
  default void aRouteThatNeedsWhatIsMissingIsAnsweredWith501() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send("GET /detach HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      var answer = client.readToEnd();
      if (deployment().capabilities().contains(Capability.DETACH)) {
        assertThat(answer).isEmpty(); // the handler took the socket and closed it
      } else {
        assertThat(answer).startsWith("HTTP/1.1 501");
      }
    }
  }

  @Test
  default void aWebSocketIsOpenedWhereItIsOffered() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send(
          "GET /socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
              + "\u0088\u0080\0\0\0\0"); // a close frame, so that the server ends it
      var answer = client.readToEnd();
      if (deployment().capabilities().contains(Capability.WEBSOCKET)) {
        assertThat(answer)
            .startsWith("HTTP/1.1 101 ")
            .endsWith("\r\n\r\n\u0081\u0005Hello\u0088\0");
      } else {
        assertThat(answer).startsWith("HTTP/1.1 501");
      }
    }
  }

  @Test
  default void aCallThatNeedsWhatIsMissingIsRefusedByName() throws Exception {
    try (var client = new RawClient(deployment().port())) {
      client.send("GET /misuse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      var answer = client.readToEnd();
      if (deployment().capabilities().contains(Capability.DETACH)) {
        assertThat(answer).isEmpty(); // the handler took the socket and closed it
      } else {
        assertThat(answer).contains("MissingCapabilityException", "DETACH", "Jetty 12.1");
      }
    }
  }

  @Test
  default void answersManyConnectionsOneAfterTheOther() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (var client = new RawClient(deployment().port())) {
        client.send("GET /hello HTTP/1.0\r\n\r\n");
        assertThat(client.readToEnd().getBytes(StandardCharsets.ISO_8859_1)).hasSizeGreaterThan(13);
      }
    }
  }
}
