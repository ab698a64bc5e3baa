// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import static org.waterspout.gen.Gen.await;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.httpclient.HTTPClient;
import org.waterspout.ioloop.IOLoop;

/** The same small function four times: how many bytes a page has. */
final class FourWays {
  private FourWays() {}

  /** The thread that calls it does nothing else until the page is there. */
  static int sizeBlocking(String url) {
    try (var client = new HTTPClient()) {
      return client.fetch(url).body().length;
    }
  }

  /** Returns at once; the size is told later, on the loop. */
  static void sizeByCallback(String url, IntConsumer tell) {
    var fetched = AsyncHTTPClient.current().fetch(url);
    IOLoop.current().addFuture(fetched, page -> tell.accept(page.join().body().length));
  }

  /** Returns at once what will be the size. */
  static CompletableFuture<Integer> sizeByFuture(String url) {
    return AsyncHTTPClient.current().fetch(url).thenApply(page -> page.body().length);
  }

  /** Reads like the first, and the loop does other work meanwhile. */
  static int sizeByAwait(String url) {
    return await(AsyncHTTPClient.current().fetch(url)).body().length;
  }
}
