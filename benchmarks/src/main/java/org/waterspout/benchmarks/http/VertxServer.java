// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxImpl;

/** Vert.x, with one event loop, by NIO. */
final class VertxServer {
  private static final Buffer HELLO = Buffer.buffer(Workload.HELLO_BODY);
  private static final Buffer DOWNLOAD = Buffer.buffer(Workload.body(Workload.DOWNLOAD_SIZE));

  private VertxServer() {}

  static void main(String[] args) {
    Ready.keepQuiet();
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(VertxServer::handle)
            .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    Ready.announce(server.actualPort(), "Vert.x " + VertxImpl.version());
  }

  private static void handle(HttpServerRequest request) {
    switch (requireNonNull(request.path())) {
      case "/hello" -> answer(request, HELLO);
      case "/download" -> answer(request, DOWNLOAD);
      case "/echo" -> request.bodyHandler(body -> answer(request, body));
      default -> throw new IllegalArgumentException(request.path());
    }
  }

  private static void answer(HttpServerRequest request, Buffer content) {
    var response = request.response();
    response.putHeader(HttpHeaders.DATE, CurrentDate.get());
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    var _ = response.end(content);
  }
}
