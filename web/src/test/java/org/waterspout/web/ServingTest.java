// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.waterspout.web.Application.mount;
import static org.waterspout.web.Application.url;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.http.TestTLS;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.log.Log;
import org.waterspout.tcp.SSLOptions;

/** Applications on several loops, several ports and Unix domain sockets. */
class ServingTest {
  private static final String HOST = "127.0.0.1";

  private final IOLoop loop = new IOLoop();
  private final ApplicationTest.FakeMount fake = new ApplicationTest.FakeMount();
  private final Set<IOLoop> loops = ConcurrentHashMap.newKeySet();
  private LogCapture log;
  private LogCapture access;
  private Thread runner;
  @TempDir Path folder;

  @BeforeEach
  void startLoop() {
    log = new LogCapture(Log.GENERAL);
    access = new LogCapture(Log.ACCESS);
    loop.makeCurrent();
    runner = Thread.ofPlatform().start(loop::start);
  }

  @AfterEach
  void closeLoop() throws Exception {
    loop.stop();
    runner.join();
    loop.close();
    IOLoop.clearCurrent();
    access.close();
    log.close();
  }

  /** Tells who asks and from where, and notes the loop. */
  private final class Who extends RequestHandler {
    @Override
    protected void get() {
      loops.add(IOLoop.current());
      write(request().remoteIP() + " " + request().protocol() + " " + request().host());
    }
  }

  private Application application() {
    return new Application(url("/", Who::new), mount("/m", fake));
  }

  private HTTPServer server() {
    return application().server(HTTPServerOptions.defaults());
  }

  private String carrier() {
    return loop.customCarrier() ? "a carrier of its own" : "the default scheduler";
  }

  private String carriers() {
    return loop.customCarrier() ? "carriers of their own" : "the default scheduler";
  }

  private static String get(HttpClient client, int port, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + path))
            .timeout(Duration.ofSeconds(20));
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private void start(HTTPServer server, int count) throws Exception {
    loop.spawn(
            () -> {
              server.start(count);
              return 0;
            })
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void severalLoopsServeOneApplication() throws Exception {
    var server = new Application(url("/", Who::new)).server(HTTPServerOptions.defaults());
    server.bind(0, HOST);
    int port = server.port();
    assertThat(log.lines()).isEmpty();
    start(server, 3);
    assertThat(log.lines())
        .containsExactly(
            "INFO Listening on http://127.0.0.1:" + port + ", 3 loops on " + carriers());
    for (int i = 0; i < 1000 && loops.size() < 3; i++) { // the kernel deals them out at random
      try (var client = HttpClient.newHttpClient()) {
        assertThat(get(client, port, "/")).isEqualTo("127.0.0.1 http 127.0.0.1:" + port);
      }
    }
    assertThat(loops).hasSize(3).contains(loop);
  }

  @Test
  void requestsOnOneLoopDoNotWaitForAnother() throws Exception {
    var all = new CountDownLatch(2);
    class Meeting extends RequestHandler {
      @Override
      protected void get() throws Exception {
        all.countDown();
        write("" + all.await(20, TimeUnit.SECONDS)); // blocks this loop, as nobody should
      }
    }
    var server = new Application(url("/", Meeting::new)).server(HTTPServerOptions.defaults());
    server.bind(folder.resolve("s")); // dealt out in turn
    start(server, 2);
    try (var first = connect();
        var second = connect()) {
      send(first);
      send(second);
      assertThat(answer(first)).endsWith("true");
      assertThat(answer(second)).endsWith("true");
    }
  }

  private SocketChannel connect() throws IOException {
    var socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
    return socket;
  }

  private static void send(SocketChannel socket) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String answer(SocketChannel socket) throws IOException {
    return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void servesOnAUnixSocket() throws Exception {
    var file = folder.resolve("s");
    var server = server();
    server.listen(file);
    assertThat(listening())
        .containsExactly("INFO Listening on unix:" + file + ", loop on " + carrier());
    try (var socket = connect()) {
      send(socket);
      assertThat(answer(socket))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("\r\n\r\n0.0.0.0 http a");
    }
    assertThat(access.lines().getFirst()).startsWith("INFO 200 GET / (0.0.0.0) ");
    server.stop();
    assertThat(file).doesNotExist();
  }

  @Test
  void servesCurlOnAUnixSocket() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
    server().listen(folder.resolve("s"));
    var curl =
        new ProcessBuilder(
                "/usr/bin/curl",
                "--silent",
                "--max-time",
                "20",
                "--unix-socket",
                folder.resolve("s").toString(),
                "http://example.org/")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("0.0.0.0 http example.org");
    assertThat(curl.waitFor()).isZero();
  }

  @Test
  void saysOfEachPortWhereItListens() throws Exception {
    var options = HTTPServerOptions.builder().ssl(TestTLS.server().build()).build();
    var server = application().server(options);
    server.listen(0);
    int port = server.port();
    server.listen(0, HOST);
    assertThat(listening())
        .hasSize(2)
        .contains("INFO Listening on https://localhost:" + port + ", loop on " + carrier())
        .anyMatch(line -> line.startsWith("INFO Listening on https://127.0.0.1:"));
  }

  @Test
  void writesIPv6AddressesAsInURLs() throws Exception {
    var address = InetAddress.getByName("::1");
    assumeTrue(NetworkInterface.getByInetAddress(address) != null, "there is no IPv6");
    var server = server();
    server.listen(0, "::1");
    assertThat(listening())
        .containsExactly(
            "INFO Listening on http://[0:0:0:0:0:0:0:1]:%d, loop on %s"
                .formatted(server.port(), carrier()));
  }

  /** Where it listens, without what is said of mounts. */
  private List<String> listening() {
    return log.lines().stream().filter(line -> line.startsWith("INFO Listening")).toList();
  }

  @Test
  void warnsOnceIfWhatIsMountedMayHoldUpTheLoop() throws Exception {
    var server = server();
    server.listen(0, HOST);
    server.listen(0, HOST);
    boolean shared = carrier().equals("the default scheduler");
    assertThat(log.lines())
        .filteredOn(line -> line.startsWith("WARNING What is mounted shares"))
        .hasSize(shared ? 1 : 0);
  }

  @Test
  void theMountsAreStartedBeforeItListensAndStoppedByTheApplication() throws Exception {
    var application = application();
    var server = application.server(HTTPServerOptions.defaults());
    assertThat(fake.events).containsExactly("start /m");
    server.listen(0, HOST);
    try (var client = HttpClient.newHttpClient()) {
      var _ = get(client, server.port(), "/m/x");
    }
    var stopped = loop.spawn(() -> server.stop(Duration.ofSeconds(20)));
    stopped.get(20, TimeUnit.SECONDS);
    application.stop();
    assertThat(fake.events)
        .filteredOn(event -> !event.startsWith("close"))
        .containsExactly("start /m", "request", "stop");
  }

  @Test
  void aPortThatIsTakenIsAnError() throws Exception {
    var first = server();
    first.listen(0, HOST);
    var second = new Application().server(HTTPServerOptions.defaults());
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> second.bind(first.port(), HOST))
        .withMessageContaining("port " + first.port());
  }

  @Test
  void startsNothingWithOptionsThatCannotServe() {
    var options = HTTPServerOptions.builder().ssl(SSLOptions.defaults()).build();
    assertThatIllegalStateException()
        .isThrownBy(() -> application().server(options))
        .withMessageContaining("certificate");
    assertThatIllegalStateException().isThrownBy(() -> application().listen(0, HOST, options));
    assertThat(fake.events).isEmpty();
  }
}
