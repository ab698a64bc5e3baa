// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.websocket.WebSocketClientConnection.websocketConnect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.httpclient.HTTPClient;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;
import org.waterspout.web.EventStream;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.WebSocketClientOptions;
import org.waterspout.websocket.WebSocketHandler;

/**
 * The configuration that the guide shows, run by nginx if that is installed: {@code apt-get install
 * nginx-light}. Only what is the reader's own is changed in it: ports, files and certificate.
 */
@Timeout(60)
class NginxTest {
  private static final Path GUIDE = Path.of("../docs/guide/running.md");
  private static final Pattern BLOCK = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp").toAbsolutePath().normalize();
  private static final Path SYSTEM = Path.of("/usr/sbin/nginx"); // not on everybody's path
  private static final String NGINX = Files.isExecutable(SYSTEM) ? SYSTEM.toString() : "nginx";
  private static final int TRIES = 20;

  /** What else nginx would put where only a system's service may write. */
  private static final String OWN_FOLDERS =
      """
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
      """;

  /** Says who asks, as far as it can tell. */
  static final class Who extends RequestHandler {
    @Override
    protected void get() {
      write(request().protocol() + " " + request().host() + " " + request().remoteIP());
    }
  }

  /** Repeats what comes. */
  static final class EchoSocket extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      writeMessage(message);
    }
  }

  /** Sends a second event when it is told that the first has come. */
  static final class Events extends RequestHandler {
    private final CompletableFuture<Void> seen;

    Events(CompletableFuture<Void> seen) {
      this.seen = seen;
    }

    @Override
    protected void get() {
      var events = EventStream.open(this);
      await(events.send("first"));
      await(seen);
      await(events.send("second"));
    }
  }

  @TempDir Path folder;
  private final IOLoop loop = new IOLoop();
  private final CompletableFuture<Void> seen = new CompletableFuture<>();
  private @Nullable Process nginx;
  private int port;

  @BeforeEach
  void startNginx() throws Exception {
    assumeTrue(isInstalled(), "nginx is installed");
    Thread.ofPlatform().daemon().start(loop::start);
    int behind = site().port();
    for (int i = 0; i < TRIES && nginx == null; i++) { // somebody may take the port meanwhile
      nginx = start(behind);
    }
    assertThat(nginx).as(() -> "nginx runs: " + log()).isNotNull();
  }

  @AfterEach
  void stopNginx() throws Exception {
    if (nginx != null) {
      nginx.destroy();
      nginx.waitFor(20, TimeUnit.SECONDS);
    }
    loop.close(true);
  }

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder(NGINX, "-v").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private HTTPServer site() throws Exception {
    var application =
        new Application(
            Application.url("/who", Who::new),
            Application.url("/ws", EchoSocket::new),
            Application.url("/events", () -> new Events(seen)));
    var options = HTTPServerOptions.builder().xheaders(true).build();
    return loop.spawn(() -> application.listen(0, "127.0.0.1", options)).get(20, TimeUnit.SECONDS);
  }

  private @Nullable Process start(int behind) throws Exception {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(folder.resolve("nginx.conf"), configuration(behind));
    var process =
        new ProcessBuilder(
                NGINX,
                "-p",
                folder + "/",
                "-c",
                folder.resolve("nginx.conf").toString(),
                "-e",
                "stderr",
                "-g",
                "daemon off; master_process off; pid nginx.pid;")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (process.isAlive() && System.nanoTime() < deadline) {
      if (answers()) {
        return process;
      }
      Thread.onSpinWait(); // it does not listen yet
    }
    process.destroy();
    process.waitFor(20, TimeUnit.SECONDS);
    return null;
  }

  private String configuration(int behind) throws IOException {
    var block = BLOCK.matcher(Files.readString(GUIDE));
    assertThat(block.find()).isTrue();
    var text = block.group(1);
    text = replace(text, "http {\n", OWN_FOLDERS);
    text = replace(text, "listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;");
    text = replace(text, "127.0.0.1:8888", "127.0.0.1:" + behind);
    text = replace(text, "/etc/nginx/cert.pem", CERTIFICATES.resolve("server.pem").toString());
    text = replace(text, "/etc/nginx/key.pem", CERTIFICATES.resolve("server-key.pem").toString());
    return replace(text, "/srv/site", folder.toString());
  }

  private static String replace(String text, String shown, String used) {
    assertThat(text).contains(shown);
    return text.replace(shown, used);
  }

  /** Whether it is nginx that listens: a port that is free can even connect to itself. */
  private boolean answers() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (socket.getLocalPort() == port) {
        return false;
      }
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).contains("nginx");
    } catch (IOException e) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static SSLOptions trust() {
    return SSLOptions.builder().trust(CERTIFICATES.resolve("ca.pem")).build();
  }

  private HTTPRequest.Builder request(String path) {
    return HTTPRequest.builder("https://localhost:" + port + path).ssl(trust());
  }

  private static HTTPResponse fetch(HTTPRequest.Builder request) {
    try (var client = new HTTPClient()) {
      return client.fetch(request.build());
    }
  }

  @Test
  void servesPagesAndSaysWhoAsks() {
    for (int i = 0; i < 3; i++) { // the connection behind nginx stays open
      assertThat(fetch(request("/who").header("X-Real-IP", "192.0.2.1")).text())
          .isEqualTo("https localhost:" + port + " 127.0.0.1");
    }
  }

  @Test
  void servesFilesByItself() throws Exception {
    Files.createDirectory(folder.resolve("static"));
    Files.writeString(folder.resolve("static/site.css"), "p {}");
    Files.writeString(folder.resolve("static/favicon.ico"), "icon");
    assertThat(fetch(request("/static/site.css?v=1")).text()).isEqualTo("p {}");
    assertThat(fetch(request("/favicon.ico")).text()).isEqualTo("icon");
  }

  @Test
  void passesWebSocketsOn() throws Exception {
    var url = "wss://localhost:" + port + "/ws";
    var options =
        WebSocketClientOptions.builder().ssl(trust()).header("Origin", "https://localhost:" + port);
    loop.spawn(
            () -> {
              var socket = await(websocketConnect(url, options.build()));
              for (String text : new String[] {"a", "x".repeat(100_000)}) {
                socket.writeMessage(text);
                assertThat(await(socket.readMessage()).text()).isEqualTo(text);
              }
              socket.close();
              assertThat(await(socket.readMessage())).isNull();
              return null;
            })
        .get(40, TimeUnit.SECONDS);
  }

  @Test
  void passesEventsOnAtOnce() {
    var come = new StringBuilder();
    var response =
        fetch(
            request("/events")
                .streamingCallback(
                    piece -> {
                      come.append(new String(piece, UTF_8));
                      if (come.indexOf("data: first\n\n") >= 0) {
                        seen.complete(null);
                      }
                    }));
    assertThat(response.code()).isEqualTo(200);
    assertThat(come).contains("data: first\n\n", "data: second\n\n");
  }
}
