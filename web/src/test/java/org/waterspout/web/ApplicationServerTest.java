// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.waterspout.gen.Gen;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.http.HTTPServer;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** Applications on a real server, with the JDK's client against them. */
class ApplicationServerTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final IOLoop loop = new IOLoop();
  private final HttpClient client = HttpClient.newHttpClient();
  private LogCapture access;
  private Thread runner;

  @BeforeEach
  void startLoop() {
    access = new LogCapture(Log.ACCESS);
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
  }

  @AfterEach
  void closeLoop() throws Exception {
    client.shutdownNow();
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    access.close();
  }

  private static HTTPServer serve(Rule... rules) {
    return new Application(rules).listen(0, "127.0.0.1");
  }

  private static HttpRequest.Builder request(HTTPServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(DEADLINE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static class Hello extends RequestHandler {
    @Override
    protected void get() {
      write("Hello, " + getArgument("name", "world"));
    }

    @Override
    protected void head() {
      get();
    }

    @Override
    protected void post() {
      writeJSON(List.of(getBodyArgument("a"), pathArgument(0)));
    }
  }

  @Test
  void answersRequests() throws Exception {
    var server = serve(url("/hello(/.*)?", Hello::new));
    var got = send(request(server, "/hello?name=you"));
    var head = send(request(server, "/hello").HEAD());
    var form =
        request(server, "/hello/%C3%A9")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("a=b+c"));
    var posted = send(form);

    assertThat(got.body()).isEqualTo("Hello, you");
    assertThat(got.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Length")).hasValue("12");
    assertThat(posted.body()).isEqualTo("[\"b c\",\"/é\"]");
    assertThat(send(request(server, "/hello").DELETE()).headers().firstValue("Allow"))
        .hasValue("GET, HEAD, POST");
    assertThat(send(request(server, "/nothing")).statusCode()).isEqualTo(404);
    assertThat(access.lines().getFirst()).startsWith("INFO 200 GET /hello?name=you (127.0.0.1) ");
  }

  @Test
  void serves204And304WithoutABody() throws Exception {
    class Empty extends RequestHandler {
      @Override
      protected void get() {
        setStatus(Integer.parseInt(pathArgument(0)));
      }
    }
    var server = serve(url("/(\\d+)", Empty::new));

    assertThat(send(request(server, "/204")).body()).isEmpty();
    assertThat(send(request(server, "/304")).statusCode()).isEqualTo(304);
    assertThat(send(request(server, "/204")).statusCode()).isEqualTo(204);
  }

  @Test
  void sendsPiecesAsTheyAreFlushed() throws Exception {
    var release = new LoopFuture<Void>(loop);
    class Streaming extends RequestHandler {
      @Override
      protected void get() {
        write("first ");
        await(flush());
        await(release);
        write("last");
      }
    }
    var server = serve(url("/", Streaming::new));
    var answer =
        client.send(request(server, "/").build(), HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.body().readNBytes(6)).asString().isEqualTo("first ");
    release.complete(null);
    assertThat(answer.body().readAllBytes()).asString().isEqualTo("last");
  }

  @Test
  void keepsAnswersWaitingWhileOthersAreServed() throws Exception {
    var waiting = new CompletableFuture<RequestHandler>();
    class Poll extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {
        waiting.complete(this);
      }
    }
    var server = serve(url("/poll", Poll::new), url("/", Hello::new));
    var polled =
        client.sendAsync(request(server, "/poll").build(), HttpResponse.BodyHandlers.ofString());
    var handler = waiting.get(20, TimeUnit.SECONDS);

    assertThat(send(request(server, "/")).statusCode()).isEqualTo(200);
    loop.addCallback(() -> handler.finish("news"));
    assertThat(polled.get(20, TimeUnit.SECONDS).body()).isEqualTo("news");
  }

  @Test
  void learnsThatTheClientOfAWaitingAnswerHasGone() throws Exception {
    var waiting = new CompletableFuture<Void>();
    var gone = new CompletableFuture<Void>();
    class Poll extends RequestHandler {
      @Override
      @Asynchronous
      protected void get() {
        waiting.complete(null);
      }

      @Override
      protected void onConnectionClose() {
        gone.complete(null);
      }
    }
    var server = serve(url("/poll", Poll::new));
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      waiting.get(20, TimeUnit.SECONDS);
    }

    gone.get(20, TimeUnit.SECONDS);
  }

  @Test
  void survivesHandlersThatFail() throws Exception {
    class Failing extends RequestHandler {
      @Override
      protected void get() {
        throw new StackOverflowError();
      }

      @Override
      protected void post() {
        write("half");
        await(flush());
        throw new IllegalStateException("halfway");
      }
    }
    var server = serve(url("/fail", Failing::new), url("/", Hello::new));
    try (var log = new LogCapture(Log.APPLICATION)) {
      var failed = send(request(server, "/fail"));
      var cut = request(server, "/fail").POST(HttpRequest.BodyPublishers.noBody());

      assertThat(failed.statusCode()).isEqualTo(500);
      assertThatThrownBy(() -> send(cut)).isInstanceOf(IOException.class);
      assertThat(send(request(server, "/")).body()).isEqualTo("Hello, world");
      assertThat(log.thrown()).hasSize(2);
    }
  }

  @Test
  void streamsRequestBodiesPieceByPiece() throws Exception {
    @StreamRequestBody
    class Counting extends RequestHandler {
      private long bytes;
      private int pieces;

      @Override
      protected void dataReceived(byte[] chunk) {
        await(Gen.sleep(Duration.ZERO));
        bytes += chunk.length;
        pieces++;
      }

      @Override
      protected void put() {
        write(bytes + " " + (pieces > 1) + " " + request().body().length);
      }
    }
    var server = serve(url("/", Counting::new));
    var put = request(server, "/").PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[1_000_000]));

    assertThat(send(put).body()).isEqualTo("1000000 true 0");
  }

  @Test
  void detachesTheSocket() throws Exception {
    class Raw extends RequestHandler {
      @Override
      protected void get() {
        setDeadline(Duration.ofDays(1)); // which is not the stream's
        var stream = detach();
        var text = "not HTTP, deadline " + stream.loop().context().scope().remaining();
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        var _ = stream.write(bytes).thenRun(stream::close);
      }
    }
    var server = serve(url("/raw", Raw::new));
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET /raw HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));

      assertThat(socket.getInputStream().readAllBytes())
          .asString()
          .isEqualTo("not HTTP, deadline null");
    }
  }

  @Test
  void switchesToAnotherProtocol() throws Exception {
    class Switching extends RequestHandler {
      @Override
      protected void get() {
        setHeader("X-Mine", "yes");
        setCookie("a", "b");
        var stream = switchProtocols("shouting", its -> its);
        assertThatThrownBy(() -> write("late")).isInstanceOf(IllegalStateException.class);
        byte[] line = await(stream.readUntil(new byte[] {'\n'}));
        var shouted = new String(line, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
        await(stream.write(shouted.getBytes(StandardCharsets.UTF_8)));
        stream.close();
      }

      @Override
      protected void post() {
        write("a body");
        switchProtocols("shouting", its -> its);
      }
    }
    var server = serve(url("/", Switching::new));
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\nhello\n".getBytes(StandardCharsets.UTF_8));

      assertThat(socket.getInputStream().readAllBytes())
          .asString()
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("\r\nX-Mine: yes\r\n", "\r\nSet-Cookie: a=b; Path=/\r\n")
          .doesNotContain("Content-")
          .endsWith("\r\nUpgrade: shouting\r\nConnection: Upgrade\r\n\r\nHELLO\n");
    }
    try (var log = new LogCapture(Log.APPLICATION)) {
      var refused = request(server, "/").POST(HttpRequest.BodyPublishers.noBody());
      assertThat(send(refused).statusCode()).isEqualTo(500);
      assertThat(log.thrown()).hasSize(1);
    }
    assertThat(access.lines().getFirst()).startsWith("INFO 101 GET / ");
  }

  @Test
  void saysWhereItListensAndOnWhichCarrier() {
    try (var log = new LogCapture(Log.GENERAL)) {
      var server = serve();
      var carrier = loop.customCarrier() ? "a carrier of its own" : "the default scheduler";

      assertThat(log.lines())
          .containsExactly(
              "INFO Listening on http://127.0.0.1:" + server.port() + ", loop on " + carrier);
    }
  }

  @Test
  void stopsItsMountsWhenThePortIsTaken() throws Exception {
    var fake = new ApplicationTest.FakeMount();
    try (var taken = new ServerSocket(0)) {
      var application = new Application(mount("/m", fake));

      assertThatThrownBy(() -> application.listen(taken.getLocalPort()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("port " + taken.getLocalPort());
      assertThat(fake.events).containsExactly("start /m", "stop");
    }
  }

  @Test
  void stopsItsMountsOffTheLoopWhenThereIsNoSuchPort() {
    var fake = new ApplicationTest.FakeMount();
    var started = loop.spawn(() -> new Application(mount("/m", fake)).listen(70_000));

    assertThatThrownBy(() -> started.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(fake.events).containsExactly("start /m", "stop");
  }

  @Test
  void startsMountsOffTheLoopWhereverItIsAskedTo() throws Exception {
    var fake = new ApplicationTest.FakeMount();
    var started = loop.spawn(() -> new Application(mount("/m", fake)).listen(0, "127.0.0.1"));
    var server = started.get(20, TimeUnit.SECONDS);

    assertThat(send(request(server, "/m/x")).statusCode()).isEqualTo(404);
    assertThat(fake.events).containsExactly("start /m", "request");
  }

  static final class Hinting extends RequestHandler {
    @Override
    protected void get() {
      var hints = new HTTPHeaders();
      hints.add("Link", "</a.css>; rel=preload");
      await(sendEarlyHints(hints));
      clearHeader("Server");
      setHeader("Date", "now");
      setTrailer("X-Sum", "1");
      write("page");
    }
  }

  @Test
  void sendsEarlyHintsAndTrailers() throws Exception {
    var server = serve(url("/", Hinting::new));
    var body =
        """
        HTTP/1.1 103 Early Hints\r
        Link: </a.css>; rel=preload\r
        \r
        HTTP/1.1 200 OK\r
        Content-Type: text/html; charset=UTF-8\r
        Date: now\r
        ETag: "f0263318140ab620-4"\r
        Trailer: X-Sum\r
        Transfer-Encoding: chunked\r
        Connection: close\r
        \r
        4\r
        page\r
        0\r
        X-Sum: 1\r
        \r
        """;
    assertThat(raw(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .isEqualTo(body);
    assertThat(raw(server, "GET / HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\nConnection: close\r\n\r\npage");
    assertThat(send(request(server, "/")).body()).isEqualTo("page");
  }

  /** Sends exactly this, and returns all that comes. */
  private static String raw(HTTPServer server, String wire) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout((int) DEADLINE.toMillis());
      socket.getOutputStream().write(wire.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static class Sum extends RequestHandler {
    @Override
    protected void post() {
      write(request().headers().get("X-Sum", "none") + " " + request().trailers().getAll());
    }
  }

  @StreamRequestBody
  static final class StreamedSum extends Sum {
    @Override
    protected void dataReceived(byte[] chunk) {}
  }

  @Test
  void givesHandlersTheTrailersApartFromTheHeaders() throws Exception {
    var server = serve(url("/whole", Sum::new), url("/streamed", StreamedSum::new));
    for (var path : List.of("/whole", "/streamed")) {
      var head = "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
      var body = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n";
      assertThat(raw(server, head + body)).endsWith("\r\n\r\nnone [X-Sum=1]");
    }
  }
}
