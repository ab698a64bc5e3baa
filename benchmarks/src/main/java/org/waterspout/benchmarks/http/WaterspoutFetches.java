// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.ioloop.IOLoop;

/** Ours. */
final class WaterspoutFetches {
  private WaterspoutFetches() {}

  static void main(String[] args) {
    var target = new FetchTarget(args);
    var loop = IOLoop.current();
    var client = new AsyncHTTPClient();
    var builder = HTTPRequest.builder(target.uri.toString());
    if (target.body != null) {
      builder.method("POST").header("Content-Type", "text/plain").body(target.body);
    }
    var request = builder.build();
    var fetches =
        new Fetches<HTTPResponse>(
            loop::addCallback,
            () -> client.fetch(request),
            answer -> answer.body().length,
            target.length);
    Thread.ofPlatform().name("orders").start(() -> obey(fetches));
    loop.start();
  }

  private static void obey(Fetches<?> fetches) {
    try {
      fetches.obey("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
