// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.waterspout.web.Application.settings;
import static org.waterspout.web.Application.url;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;

/**
 * Files over real connections, with other people's clients, files that change and clients that go.
 */
class StaticServerTest {
  private static final String HOST = "127.0.0.1";
  private static final int LARGE = 5_000_000;
  private static final long HUGE = 64L * 1024 * 1024; // more than sockets hold

  private final IOLoop loop = new IOLoop();
  private Thread runner;
  private LogCapture general;
  private LogCapture access;
  private LogCapture application;
  private byte[] large;
  @TempDir Path root;

  @BeforeEach
  void start() throws IOException {
    general = new LogCapture(Log.GENERAL);
    access = new LogCapture(Log.ACCESS);
    application = new LogCapture(Log.APPLICATION);
    large = new byte[LARGE];
    new Random(5).nextBytes(large);
    Files.write(root.resolve("large.bin"), large);
    Files.writeString(root.resolve("small.txt"), "small");
    Files.writeString(root.resolve("long.txt"), "some text ".repeat(100_000));
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
  }

  @AfterEach
  void stop() throws Exception {
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    application.close();
    access.close();
    general.close();
  }

  private int serve(HTTPServerOptions options) throws Exception {
    var application =
        new Application(
            settings().compressResponse(true).build(),
            url("/(.*)", () -> new StaticFileHandler(root)));
    return loop.spawn(() -> application.listen(0, HOST, options).port()).get(20, TimeUnit.SECONDS);
  }

  private int serve() throws Exception {
    return serve(HTTPServerOptions.defaults());
  }

  private int serveTLS() throws Exception {
    return serve(HTTPServerOptions.builder().ssl(TestTLS.server().build()).build());
  }

  private static HttpRequest.Builder request(String scheme, int port, String path) {
    return HttpRequest.newBuilder(URI.create(scheme + "://" + HOST + ":" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static Socket connect(int port) throws IOException {
    var socket = new Socket(HOST, port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      assertThat(next).as("after %s", head).isNotNegative();
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void sendsFilesToTheJDKsClient() throws Exception {
    int plain = serve();
    int secure = serveTLS();
    try (var client = HttpClient.newBuilder().sslContext(TestTLS.client()).build()) {
      for (int i = 0; i < 3; i++) {
        for (var request :
            new HttpRequest.Builder[] {
              request("http", plain, "/large.bin"), request("https", secure, "/large.bin")
            }) {
          var answer = client.send(request.build(), BodyHandlers.ofByteArray());
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(Arrays.equals(answer.body(), large)).isTrue();
          request.header("Range", "bytes=1000000-2999999");
          answer = client.send(request.build(), BodyHandlers.ofByteArray());
          assertThat(answer.statusCode()).isEqualTo(206);
          assertThat(answer.body().length).isEqualTo(2_000_000);
          assertThat(Arrays.equals(answer.body(), 0, 2_000_000, large, 1_000_000, 3_000_000))
              .isTrue();
        }
      }
    }
  }

  @Test
  void logsHowManyBytesWereSentOutOfAFile() throws Exception {
    var lines = new LinkedBlockingQueue<String>();
    var settings = settings().logFunction(AccessLogs.combined(lines::add)).build();
    var files = url("/(.*)", () -> new StaticFileHandler(root));
    var application = new Application(settings, files);
    int port = loop.spawn(() -> application.listen(0, HOST).port()).get(20, TimeUnit.SECONDS);
    try (var client = HttpClient.newHttpClient()) {
      var request = request("http", port, "/large.bin");
      var _ = client.send(request.build(), BodyHandlers.discarding());
      assertThat(lines.poll(20, TimeUnit.SECONDS)).contains("HTTP/1.1\" 200 5000000 \"");
      request.header("Range", "bytes=1000000-2999999");
      var _ = client.send(request.build(), BodyHandlers.discarding());
      assertThat(lines.poll(20, TimeUnit.SECONDS)).contains("HTTP/1.1\" 206 2000000 \"");
    }
  }

  @Test
  void compressesWhatItReadsInPieces() throws Exception {
    int port = serve();
    try (var client = HttpClient.newHttpClient()) {
      var request = request("http", port, "/long.txt").header("Accept-Encoding", "gzip");
      var answer = client.send(request.build(), BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
      var text = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
      assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo("some text ".repeat(100_000));
    }
  }

  @Test
  void pipelinedAnswersKeepTheirOrder() throws Exception {
    try (var socket = connect(serve())) {
      String host = " HTTP/1.1\r\nHost: a\r\n";
      send(
          socket,
          "GET /small.txt"
              + host
              + "\r\n"
              + "GET /large.bin"
              + host
              + "\r\n"
              + "HEAD /large.bin"
              + host
              + "\r\n"
              + "GET /large.bin"
              + host
              + "Range: bytes=0-9, 4999990-\r\n\r\n"
              + "GET /small.txt"
              + host
              + "Connection: close\r\n\r\n");
      var in = socket.getInputStream();
      assertThat(head(in)).contains("Content-Length: 5\r\n");
      assertThat(in.readNBytes(5)).asString().isEqualTo("small");
      assertThat(head(in)).contains("Content-Length: 5000000\r\n");
      assertThat(Arrays.equals(in.readNBytes(LARGE), large)).isTrue();
      assertThat(head(in)).contains("Content-Length: 5000000\r\n");
      var head = head(in);
      assertThat(head).startsWith("HTTP/1.1 206 ").contains("multipart/byteranges");
      int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+)\r\n.*", "$1"));
      var parts = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
      assertThat(parts)
          .contains(new String(large, 0, 10, StandardCharsets.ISO_8859_1))
          .contains(new String(large, LARGE - 10, 10, StandardCharsets.ISO_8859_1))
          .endsWith("--\r\n");
      assertThat(head(in)).contains("Content-Length: 5\r\n");
      assertThat(in.readAllBytes()).asString().isEqualTo("small");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/../small.txt, 403",
    "/x/../../../../etc/passwd, 403",
    "/..%2f..%2fetc%2fpasswd, 403",
    "/%2e%2e/%2e%2e/etc/passwd, 403",
    "//etc/passwd, 403",
    "/%2fetc/passwd, 403",
    "/..%5c..%5cwindows%5cwin.ini, 404",
    "/%c0%ae%c0%ae/etc/passwd, 400",
    "/%252e%252e/etc/passwd, 404",
    "/small.txt%00.png, 404",
    "/C:%5cwindows, 404",
  })
  void noRawPathLeadsOut(String path, int status) throws Exception {
    try (var socket = connect(serve())) {
      send(socket, "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 " + status + " ")
          .doesNotContain("root:");
    }
    loop.spawn(() -> null).get(20, TimeUnit.SECONDS); // all has been logged
    assertThat(access.lines())
        .singleElement()
        .asString()
        .startsWith("WARNING " + status + " GET ")
        .matches("[ -~]+");
    assertThat(general.lines())
        .filteredOn(line -> line.contains(" " + status + " "))
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(line -> line.matches("[ -~]+"));
    assertThat(application.lines()).isEmpty();
  }

  /** Reads on after the file has shrunk; how much came in all. */
  private long shrink(Socket socket, Path file) throws IOException {
    send(socket, "GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    var in = socket.getInputStream();
    assertThat(head(in)).contains("Content-Length: " + HUGE + "\r\n");
    long count = in.readNBytes(100_000).length;
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(10);
    }
    byte[] bytes = new byte[64 * 1024];
    try {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        count += n;
      }
    } catch (SocketTimeoutException e) {
      throw e; // it hangs
    } catch (IOException e) {
      return count; // a reset, or TLS that has not ended
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFileThatShrinksCutsTheAnswer(boolean tls) throws Exception {
    var file = root.resolve("huge.bin");
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.position(HUGE - 1).write(ByteBuffer.wrap(new byte[1]));
    }
    int port = tls ? serveTLS() : serve();
    try (var socket = tls ? TestTLS.connect(TestTLS.client(), port) : connect(port)) {
      assertThat(shrink(socket, file)).isGreaterThanOrEqualTo(100_000).isLessThan(HUGE);
    }
  }

  /** Endless, nearly; tells when it is closed. */
  private record Endless(CountDownLatch closed) implements StaticContent {
    @Override
    public long size() {
      return Long.MAX_VALUE / 2;
    }

    @Override
    public @Nullable Instant modified() {
      return null;
    }

    @Override
    public @Nullable String version() {
      return null;
    }

    @Override
    public SeekableByteChannel open() {
      return new SeekableByteChannel() {
        private long position;

        @Override
        public int read(ByteBuffer into) {
          int count = into.remaining();
          into.put(new byte[count]);
          position += count;
          return count;
        }

        @Override
        public long position() {
          return position;
        }

        @Override
        public SeekableByteChannel position(long position) {
          this.position = position;
          return this;
        }

        @Override
        public long size() {
          return Long.MAX_VALUE / 2;
        }

        @Override
        public int write(ByteBuffer from) {
          throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
          throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public void close() {
          closed.countDown();
        }
      };
    }
  }

  @Test
  void aClientThatGoesClosesWhatWasOpened() throws Exception {
    var closed = new CountDownLatch(1);
    class Streaming extends StaticFileHandler {
      Streaming() {
        super(root);
      }

      @Override
      protected StaticContent findContent(String path) {
        return new Endless(closed);
      }
    }

    var application = new Application(url("/(.*)", Streaming::new));
    int port = loop.spawn(() -> application.listen(0, HOST).port()).get(20, TimeUnit.SECONDS);
    try (var socket = connect(port)) {
      send(socket, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(head(socket.getInputStream()))
          .contains("Content-Length: " + Long.MAX_VALUE / 2 + "\r\n");
      assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
      assertThat(closed.getCount()).isEqualTo(1);
    }
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsFoundTooLateIsClosed() throws Exception {
    var asked = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    class Slow extends StaticFileHandler {
      Slow() {
        super(root);
      }

      @Override
      protected StaticContent findContent(String path) throws IOException {
        asked.countDown();
        try {
          assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return new Endless(closed);
      }

      @Override
      protected void onFinish() {
        ended.countDown();
      }
    }

    var settings = settings().cancelOnDisconnect(true).build();
    var application = new Application(settings, url("/(.*)", Slow::new));
    int port = loop.spawn(() -> application.listen(0, HOST).port()).get(20, TimeUnit.SECONDS);
    try (var socket = connect(port)) {
      send(socket, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void curlGoesOnWhereItStopped() throws Exception {
    assumeTrue(curlIsInstalled(), "curl is installed");
    var part = root.resolve("download");
    Files.write(part, Arrays.copyOf(large, 1_234_567));
    String target = "http://" + HOST + ":" + serve() + "/large.bin";
    assertThat(curl("-C", "-", "-o", part.toString(), target)).isZero();
    assertThat(Arrays.equals(Files.readAllBytes(part), large)).isTrue();
    var ranges = root.resolve("ranges");
    assertThat(curl("-r", "10-19,3000000-3000004", "-o", ranges.toString(), target)).isZero();
    assertThat(Files.readString(ranges, StandardCharsets.ISO_8859_1))
        .contains("Content-Range: bytes 10-19/5000000\r\n")
        .contains("Content-Range: bytes 3000000-3000004/5000000\r\n");
  }

  private static boolean curlIsInstalled() throws Exception {
    try {
      return new ProcessBuilder("curl", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int curl(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("curl", "-q", "-sS", "-m", "50"));
    command.addAll(List.of("--noproxy", "*"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
