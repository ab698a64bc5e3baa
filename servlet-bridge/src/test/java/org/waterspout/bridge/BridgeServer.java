// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.routing.Rule;
import org.waterspout.web.Application;

/** An Application with mounts, on a loop of its own and a free port. */
final class BridgeServer implements AutoCloseable {
  final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final IOLoop loop;
  private final Thread thread;
  private final Application application;
  private final HTTPServer server;

  BridgeServer(Rule... rules) throws Exception {
    this(HTTPServerOptions.defaults(), rules);
  }

  /** On a loop that goes by a clock of the test's. */
  BridgeServer(IOLoop loop, Rule... rules) throws Exception {
    this(loop, HTTPServerOptions.defaults(), rules);
  }

  BridgeServer(HTTPServerOptions options, Rule... rules) throws Exception {
    this(new IOLoop(), options, rules);
  }

  private BridgeServer(IOLoop loop, HTTPServerOptions options, Rule... rules) throws Exception {
    this.loop = loop;
    application = new Application(rules);
    thread = Thread.ofPlatform().daemon().name("server loop").start(loop::start);
    server = onLoop(() -> application.listen(0, "127.0.0.1", options));
  }

  /** Runs a task on the loop and waits for it. */
  <T> T onLoop(Callable<T> task) throws Exception {
    var result = new CompletableFuture<T>();
    loop.addCallback(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(150, TimeUnit.SECONDS);
  }

  HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
        .timeout(Duration.ofSeconds(60));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String target) throws Exception {
    return send(request(target));
  }

  /** Posts a form that is encoded already. */
  HttpResponse<String> post(String target, String form) throws Exception {
    return send(
        request(target)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  /** A connection for bytes, with a small receive buffer. */
  Socket connect() throws IOException {
    return connect(4096);
  }

  /** A connection for bytes. */
  Socket connect(int receiveBuffer) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout(20_000);
    socket.connect(
        new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 20_000);
    return socket;
  }

  /** Ends the loop, as a server does that goes down before its applications. */
  void endLoop() throws Exception {
    loop.stop();
    thread.join(20_000);
    loop.close();
  }

  @Override
  public void close() throws Exception {
    client.close();
    application.stop();
    endLoop();
  }
}
