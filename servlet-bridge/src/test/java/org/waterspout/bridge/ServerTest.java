// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.web.RequestHandler;

/** Servlets behind the real server, with real clients. */
class ServerTest {
  /** A native neighbour. */
  static final class Native extends RequestHandler {
    @Override
    protected void get() {
      write("native");
    }
  }

  private static final Code.Service WHO =
      (request, response) -> {
        request.getSession();
        response.getWriter().print(request.getContextPath() + " " + request.getPathInfo());
      };

  private static ServletContainer who() {
    return ServletContainer.builder().servlet("who", Code.servlet(WHO), "/*").build();
  }

  static ServletContainer of(Code.Service service) {
    return ServletContainer.builder().servlet("s", Code.servlet(service), "/*").build();
  }

  @Test
  void opensNoTunnels() throws Exception {
    try (var server = new BridgeServer(mount("", who()));
        var socket = server.connect()) {
      String request = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 501 ");
    }
  }

  @Test
  void servesTwoMountsBesideHandlers() throws Exception {
    try (var server =
        new BridgeServer(url("/native", Native::new), mount("/one", who()), mount("/two", who()))) {
      assertThat(server.get("/native").body()).isEqualTo("native");
      HttpResponse<String> one = server.get("/one/x");
      HttpResponse<String> two = server.get("/two/x");
      assertThat(one.body()).isEqualTo("/one /x");
      assertThat(two.body()).isEqualTo("/two /x");
      assertThat(one.headers().firstValue("Set-Cookie").orElseThrow()).contains("Path=/one");
      assertThat(two.headers().firstValue("Set-Cookie").orElseThrow()).contains("Path=/two");
      assertThat(server.get("/one").statusCode()).isEqualTo(302);
      assertThat(server.get("/oneself").statusCode()).isEqualTo(404);
      assertThat(server.get("/one/%2e%2e/x").statusCode()).isEqualTo(400);
      assertThat(server.get("/native").body()).as("the server goes on").isEqualTo("native");
    }
  }

  @Test
  void servesTheRoot() throws Exception {
    try (var server = new BridgeServer(url("/native", Native::new), mount("", who()))) {
      assertThat(server.get("/x/y").body()).isEqualTo(" /x/y");
      assertThat(server.get("/").body()).isEqualTo(" /");
      assertThat(server.get("/native").body()).isEqualTo("native");
    }
  }

  @Test
  void keepsTheConnectionAlive() throws Exception {
    try (var server = new BridgeServer(mount("/s", who()));
        var socket = server.connect()) {
      for (int i = 0; i < 50; i++) {
        send(socket, "GET /s/" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
        String head = head(socket.getInputStream());
        assertThat(head).startsWith("HTTP/1.1 200 OK").doesNotContainIgnoringCase("close");
        String text = "/s /" + i;
        assertThat(head).contains("Content-Length: " + text.length());
        assertThat(socket.getInputStream().readNBytes(text.length())).asString().isEqualTo(text);
      }
    }
  }

  @Test
  void readsBodiesThatTheServerInflates() throws Exception {
    var options = HTTPServerOptions.builder().decompressRequest(true).build();
    var container =
        of(
            (request, response) -> {
              int length = request.getInputStream().readAllBytes().length;
              response.getWriter().print(length + " " + request.getContentLength());
            });
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(new byte[1_000_000]);
    }
    try (var server = new BridgeServer(options, mount("/s", container))) {
      var post =
          server
              .request("/s/")
              .header("Content-Encoding", "gzip")
              .POST(HttpRequest.BodyPublishers.ofByteArray(compressed.toByteArray()));
      assertThat(server.send(post).body()).isEqualTo("1000000 -1");
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          String body =
                              new String(
                                  request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                          response.getWriter().print(request.getPathInfo() + body + "\n");
                        })));
        var socket = server.connect()) {
      var requests = new StringBuilder();
      var expected = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        requests.append("POST /s/" + i + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
        expected.append("/" + i + "x\n");
      }
      requests.append("GET /s/end HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      expected.append("/end\n");
      send(socket, requests.toString());
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all.replaceAll("(?s)HTTP/1.1 200 OK\r\n.*?\r\n\r\n", ""))
          .hasToString("" + expected);
    }
  }

  @Test
  void answersHeadWithoutABodyAndGoesOn() throws Exception {
    try (var server =
            new BridgeServer(
                mount("/s", of((request, response) -> response.getWriter().print("hello"))));
        var socket = server.connect()) {
      send(socket, "HEAD /s/ HTTP/1.1\r\nHost: h\r\n\r\nGET /s/ HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(head(socket.getInputStream())).contains("Content-Length: 5");
      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200 OK");
      assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
    }
  }

  @Test
  void echoesALargeBodyBothWays() throws Exception {
    byte[] large = new byte[3_000_000];
    new java.util.Random(7).nextBytes(large);
    try (var server =
        new BridgeServer(
            mount(
                "/s",
                of(
                    (request, response) ->
                        request.getInputStream().transferTo(response.getOutputStream()))))) {
      for (boolean known : new boolean[] {true, false}) {
        var publisher =
            known
                ? HttpRequest.BodyPublishers.ofByteArray(large)
                : HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large));
        var request = server.request("/s/").POST(publisher).build();
        var answer = server.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(large);
      }
    }
  }

  @Test
  void flushesToTheClientBeforeTheEnd() throws Exception {
    var seen = new CountDownLatch(1);
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          response.getWriter().print("first");
                          response.flushBuffer();
                          seen.await();
                          response.getWriter().print("second");
                        })));
        var socket = server.connect()) {
      send(socket, "GET /s/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(head(socket.getInputStream())).contains("chunked");
      assertThat(socket.getInputStream().readNBytes(10)).asString().isEqualTo("5\r\nfirst\r\n");
      seen.countDown();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("6\r\nsecond\r\n0\r\n\r\n");
    }
  }

  @Test
  void tellsAServletThatItsClientHasGone() throws Exception {
    var started = new CountDownLatch(1);
    var whileReading = new CompletableFuture<Throwable>();
    var whileWriting = new CompletableFuture<Throwable>();
    try (var server =
        new BridgeServer(
            mount(
                "/s",
                of(
                    (request, response) -> {
                      try {
                        if (request.getMethod().equals("POST")) {
                          started.countDown();
                          request.getInputStream().readAllBytes();
                        } else {
                          while (true) {
                            response.getOutputStream().write(new byte[100_000]);
                          }
                        }
                      } catch (IOException e) {
                        (request.getMethod().equals("POST") ? whileReading : whileWriting)
                            .complete(e);
                        throw e;
                      }
                    })))) {
      try (var socket = server.connect()) {
        send(socket, "POST /s/ HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx");
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(whileReading.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      try (var socket = server.connect()) {
        send(socket, "GET /s/ HTTP/1.1\r\nHost: h\r\n\r\n");
        head(socket.getInputStream());
        socket.setSoLinger(true, 0);
      }
      assertThat(whileWriting.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(server.get("/s/../s/x").statusCode()).as("the server goes on").isEqualTo(400);
    }
  }

  @Test
  void answersWithoutReadingTheBody() throws Exception {
    try (var server =
            new BridgeServer(
                mount("/s", of((request, response) -> response.sendError(403, "not you"))));
        var socket = server.connect()) {
      send(socket, "POST /s/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nx");
      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void sendsContinueWhenTheServletMayRead() throws Exception {
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) ->
                            response
                                .getWriter()
                                .print(request.getInputStream().readAllBytes().length))));
        var socket = server.connect()) {
      send(
          socket,
          "POST /s/ HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 100");
      send(socket, "abc");
      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200");
      assertThat(socket.getInputStream().read()).isEqualTo('3');
    }
  }

  @Test
  void asksForNoBodyThatIsTooLarge() throws Exception {
    var options = HTTPServerOptions.builder().maxBodySize(1000).build();
    try (var server =
            new BridgeServer(
                options, mount("/s", of((request, response) -> response.flushBuffer())));
        var socket = server.connect()) {
      send(
          socket,
          "POST /s/ HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
      assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void dropsWhatIsWrittenToAnAnswerOfAnnouncedLengthZero() throws Exception {
    try (var server =
        new BridgeServer(
            mount(
                "/s",
                of(
                    (request, response) -> {
                      response.setContentLength(0);
                      response.getOutputStream().write('a');
                      response.getOutputStream().write(new byte[] {'b'});
                      response.getOutputStream().write(ByteBuffer.wrap(new byte[] {'c'}));
                      response.getOutputStream().print("d");
                    })))) {
      var answer = server.get("/s/");
      assertThat(answer.statusCode() + ": " + answer.body()).isEqualTo("200: ");
    }
  }

  @Test
  void cutsAnAnswerWhoseServletFailsHalfway() throws Exception {
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          response.getWriter().print("part");
                          response.flushBuffer();
                          throw new IllegalStateException("halfway");
                        })));
        var socket = server.connect()) {
      send(socket, "GET /s/ HTTP/1.1\r\nHost: h\r\n\r\n");
      head(socket.getInputStream());
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("4\r\npart\r\n");
    }
  }

  @Test
  void answersManyClientsAtOnce() throws Exception {
    try (var server = new BridgeServer(mount("/s", who()))) {
      var answers = new java.util.ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 300; i++) {
        answers.add(
            server.client.sendAsync(
                server.request("/s/" + i).build(), HttpResponse.BodyHandlers.ofString()));
      }
      for (int i = 0; i < 300; i++) {
        assertThat(answers.get(i).get(20, TimeUnit.SECONDS).body()).isEqualTo("/s /" + i);
      }
    }
  }

  @Test
  void endsTheConnectionWhenTheRequestBreaksWhileItIsAnswered() throws Exception {
    try (var server =
            new BridgeServer(
                mount(
                    "/s",
                    of(
                        (request, response) -> {
                          var writer = response.getWriter();
                          writer.print("part");
                          writer.flush();
                          try {
                            request.getInputStream().readAllBytes();
                          } catch (IOException e) {
                            writer.close();
                          }
                        })));
        var socket = server.connect()) {
      send(socket, "POST /s/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      head(socket.getInputStream());
      assertThat(socket.getInputStream().readNBytes(9)).asString().isEqualTo("4\r\npart\r\n");
      send(socket, "no chunk\r\n");
      assertThat(restUntilCut(socket)).isEmpty();
    }
  }

  /** What comes until the connection ends, be it by a reset. */
  static String restUntilCut(Socket socket) throws IOException {
    var rest = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(rest);
    } catch (SocketException e) {
      // A reset is an end as well; a time-out is another exception.
    }
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads up to the empty line. */
  static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended in the head: " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }
}
