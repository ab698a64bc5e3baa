// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.impl.VertxImpl;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;

/** Vert.x's WebClient, with one event loop, by NIO. */
final class VertxFetches {
  private static final int MOST_CONNECTIONS = 100;

  private VertxFetches() {}

  static void main(String[] args) throws IOException, InterruptedException {
    Ready.keepQuiet();
    var target = new FetchTarget(args);
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var pool = new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS);
    var client = WebClient.create(vertx, new WebClientOptions(), pool);
    var uri = target.uri;
    var method = target.body == null ? HttpMethod.GET : HttpMethod.POST;
    var request = client.request(method, uri.getPort(), uri.getHost(), uri.getPath());
    var body = target.body == null ? null : Buffer.buffer(target.body);
    var context = vertx.getOrCreateContext();
    new Fetches<HttpResponse<Buffer>>(
            task -> context.runOnContext(_ -> task.run()),
            () -> (body == null ? request.send() : request.sendBuffer(body)).toCompletionStage(),
            answer -> requireNonNull(answer.body()).length(),
            target.length)
        .obey("Vert.x " + VertxImpl.version());
  }
}
