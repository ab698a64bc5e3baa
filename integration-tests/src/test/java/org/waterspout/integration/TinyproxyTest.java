// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.httpclient.AuthMode;
import org.waterspout.httpclient.Credentials;
import org.waterspout.httpclient.HTTPClient;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPProxy;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.tcp.SSLOptions;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;
import org.waterspout.websocket.WebSocketClientOptions;
import org.waterspout.websocket.WebSocketHandler;

/** Our client through tinyproxy, if that is installed: {@code apt-get install tinyproxy-bin}. */
@Timeout(60)
class TinyproxyTest {
  private static final Path CERTIFICATES =
      Path.of("../ioloop/src/test/resources/org/waterspout/tcp");
  private static final int TRIES = 20;

  /** Says what has come. */
  static final class Echo extends RequestHandler {
    @Override
    protected void get() {
      write(request().uri() + "\n" + request().headers());
    }
  }

  /** Repeats what comes. */
  static final class EchoSocket extends WebSocketHandler {
    @Override
    protected void onMessage(String message) {
      writeMessage(message);
    }
  }

  @TempDir Path folder;
  private final IOLoop loop = new IOLoop();
  private @Nullable Process proxy;
  private int port;

  @BeforeEach
  void startProxy() throws Exception {
    assumeTrue(isInstalled(), "tinyproxy is installed");
    Thread.ofPlatform().daemon().start(loop::start);
    for (int i = 0; i < TRIES && proxy == null; i++) { // somebody may take the port meanwhile
      proxy = start();
    }
    assertThat(proxy).as("tinyproxy runs").isNotNull();
  }

  @AfterEach
  void stopProxy() throws Exception {
    if (proxy != null) {
      proxy.destroy();
      proxy.waitFor(20, TimeUnit.SECONDS);
    }
    loop.close(true);
  }

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder("tinyproxy", "-v").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private @Nullable Process start() throws Exception {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var file = folder.resolve("tinyproxy.conf");
    Files.writeString(
        file,
        """
        Port %d
        Listen 127.0.0.1
        Timeout 60
        Allow 127.0.0.1
        MaxClients 20
        BasicAuth proxy open
        LogLevel Error
        """
            .formatted(port));
    var process =
        new ProcessBuilder("tinyproxy", "-d", "-c", file.toString())
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

  /** Whether it is tinyproxy that listens: a port that is free can even connect to itself. */
  private boolean answers() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (socket.getLocalPort() == port) {
        return false;
      }
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1).contains("tinyproxy");
    } catch (IOException e) {
      return false;
    }
  }

  private HTTPServer site(boolean secure) throws Exception {
    var options = HTTPServerOptions.builder();
    if (secure) {
      options.ssl(
          SSLOptions.builder()
              .certificate(
                  CERTIFICATES.resolve("server.pem"), CERTIFICATES.resolve("server-key.pem"))
              .build());
    }
    return loop.spawn(
            () ->
                new Application(
                        Application.url("/ws", EchoSocket::new), Application.url("/.*", Echo::new))
                    .listen(0, "127.0.0.1", options.build()))
        .get(20, TimeUnit.SECONDS);
  }

  private HTTPRequest request(String url, String password) {
    return HTTPRequest.builder(url).ssl(trust()).proxy(proxy(password)).build();
  }

  private static SSLOptions trust() {
    return SSLOptions.builder().trust(CERTIFICATES.resolve("ca.pem")).build();
  }

  private HTTPProxy proxy(String password) {
    return new HTTPProxy("127.0.0.1", port, new Credentials("proxy", password, AuthMode.BASIC));
  }

  @Test
  void handsPlainRequestsOn() throws Exception {
    var site = site(false);
    try (var client = new HTTPClient()) {
      var url = "http://127.0.0.1:" + site.port() + "/a?b";
      assertThat(client.fetch(request(url, "open")).text())
          .startsWith("/a?b\n")
          .contains("Via: ")
          .doesNotContain("Proxy-Authorization");
      assertThat(client.fetch(request(url, "wrong"), false).code()).isIn(401, 407);
    }
  }

  @Test
  void opensTunnels() throws Exception {
    var site = site(true);
    try (var client = new HTTPClient()) {
      var url = "https://localhost:" + site.port() + "/a?b";
      assertThat(client.fetch(request(url, "open")).text())
          .startsWith("/a?b\n")
          .doesNotContain("Via: ", "Proxy-Authorization");
      try {
        client.fetch(request(url, "wrong"));
        throw new AssertionError("the proxy has let us through");
      } catch (HTTPClientError e) {
        assertThat(e).hasMessageContaining("the proxy refuses a tunnel: ");
      }
    }
  }

  @Test
  void opensTunnelsToWebSockets() throws Exception {
    for (boolean secure : new boolean[] {false, true}) {
      var url = (secure ? "wss" : "ws") + "://localhost:" + site(secure).port() + "/ws";
      loop.spawn(
              () -> {
                var options = WebSocketClientOptions.builder().ssl(trust());
                var socket = await(websocketConnect(url, options.proxy(proxy("open")).build()));
                for (String text : new String[] {"a", "x".repeat(100_000)}) {
                  socket.writeMessage(text);
                  assertThat(await(socket.readMessage()).text()).isEqualTo(text);
                }
                socket.close();
                assertThat(await(socket.readMessage())).isNull();
                try {
                  await(websocketConnect(url, options.proxy(proxy("wrong")).build()));
                  throw new AssertionError("the proxy has let us through");
                } catch (HTTPClientError e) {
                  assertThat(e).hasMessageContaining("the proxy refuses a tunnel: ");
                }
                return null;
              })
          .get(40, TimeUnit.SECONDS);
    }
  }
}
