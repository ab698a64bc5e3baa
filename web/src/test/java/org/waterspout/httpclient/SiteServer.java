// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.httpclient;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.waterspout.http.HTTPServer;
import org.waterspout.http.HTTPServerOptions;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;

/** Our own server on a loop of its own. */
final class SiteServer implements AutoCloseable {
  final IOLoop loop = new IOLoop();
  final HTTPServer server;
  private final boolean secure;
  private final Thread runner;

  SiteServer(Application application) throws Exception {
    this(application, HTTPServerOptions.defaults());
  }

  SiteServer(Application application, HTTPServerOptions options) throws Exception {
    secure = options.ssl() != null;
    runner = Thread.ofPlatform().daemon().name("site").start(loop::start);
    server = call(() -> application.listen(0, "127.0.0.1", options));
  }

  <T> T call(Callable<T> body) throws Exception {
    CompletableFuture<T> future = loop.spawn(body);
    return future.get(20, TimeUnit.SECONDS);
  }

  String url(String path) {
    return (secure ? "https://localhost:" : "http://127.0.0.1:") + server.port() + path;
  }

  @Override
  public void close() throws Exception {
    server.stop();
    loop.close(true);
    runner.join();
  }
}
