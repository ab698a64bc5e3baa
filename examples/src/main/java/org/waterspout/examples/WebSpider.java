// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.waterspout.gen.Gen.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.waterspout.httpclient.AsyncHTTPClient;
import org.waterspout.httpclient.HTTPClientError;
import org.waterspout.httpclient.HTTPResponse;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.ioloop.LoopFuture;

/** Finds the pages of a site by following its links, some at a time, and says which are broken. */
final class WebSpider {
  private static final Pattern LINK =
      Pattern.compile(
          "<a\\s[^<>]{0,1000}?href\\s*=\\s*(?:\"([^\"#]+)|'([^'#]+))", Pattern.CASE_INSENSITIVE);

  private final AsyncHTTPClient client = AsyncHTTPClient.current();
  private final Set<String> seen = new HashSet<>();
  private final Queue<String> waiting = new ArrayDeque<>();
  private final Map<String, String> results = new TreeMap<>();
  private final LoopFuture<Void> done = new LoopFuture<>();
  private final URI site;
  private final int atOnce;
  private final int most;
  private int underWay;

  private WebSpider(URI site, int atOnce, int most) {
    this.site = site;
    this.atOnce = atOnce;
    this.most = most;
  }

  static void main(String[] args) throws Exception {
    var options =
        Options.of("Follows the links of a site, on one host, and says what each page answers.")
            .option("url", "", "where to begin; empty: http://localhost and the port")
            .option("port", "8888", "the port of this machine, without --url")
            .option("concurrency", "10", "how many pages are fetched at once")
            .option("pages", "1000", "how many pages are fetched at most")
            .parse(args);
    var url = options.text("url");
    var begin = url.isEmpty() ? "http://localhost:" + options.port("port") + "/" : url;
    int atOnce = options.count("concurrency");
    int most = options.count("pages");
    long start = System.nanoTime();
    try {
      var results = IOLoop.current().runSync(() -> crawl(begin, atOnce, most));
      results.forEach((page, result) -> System.out.println(result + " " + page));
      System.out.printf(
          "%d pages in %d ms%n",
          results.size(), Duration.ofNanos(System.nanoTime() - start).toMillis());
    } catch (IllegalArgumentException e) {
      Options.fail(String.valueOf(e.getMessage()));
    }
  }

  /**
   * All pages of a host that can be reached from one, with what each has answered. On the loop.
   *
   * @param atOnce how many are fetched at the same time
   * @param most how many are fetched at all
   */
  static Map<String, String> crawl(String url, int atOnce, int most) {
    var spider = new WebSpider(URI.create(url), atOnce, most);
    spider.add(url);
    spider.goOn();
    await(spider.done);
    return spider.results;
  }

  private void add(String url) {
    if (seen.size() < most && seen.add(url)) {
      waiting.add(url);
    }
  }

  /** As many fetches as there may be; each that ends makes room for another. */
  private void goOn() {
    while (underWay < atOnce && !waiting.isEmpty()) {
      var url = waiting.remove();
      underWay++;
      IOLoop.current()
          .addFuture(
              client.fetch(url),
              fetched -> {
                underWay--;
                end(url, fetched);
                goOn();
              });
    }
    if (underWay == 0) {
      done.complete(null);
    }
  }

  private void end(String url, LoopFuture<HTTPResponse> fetched) {
    if (!fetched.isCompletedExceptionally()) {
      var response = fetched.resultNow();
      results.put(url, String.valueOf(response.code()));
      follow(response);
    } else if (fetched.exceptionNow() instanceof HTTPClientError error) {
      results.put(url, error.code() + " (" + error.getMessage() + ")");
    } else {
      results.put(url, String.valueOf(fetched.exceptionNow()));
    }
  }

  private void follow(HTTPResponse response) {
    var page = URI.create(response.effectiveUrl());
    if (!isHere(page) || !response.headers().get("Content-Type", "").startsWith("text/html")) {
      return;
    }
    var link = LINK.matcher(response.text());
    while (link.find()) {
      var reference = link.group(1) == null ? link.group(2) : link.group(1);
      try {
        var to = page.resolve(reference.strip().replace("&amp;", "&"));
        if (isHere(to)) {
          add(to.toString());
        }
      } catch (IllegalArgumentException e) {
        results.put(reference, "not a URL, on " + page);
      }
    }
  }

  private boolean isHere(URI url) {
    return site.getScheme().equals(url.getScheme())
        && String.valueOf(site.getAuthority()).equals(url.getAuthority());
  }
}
