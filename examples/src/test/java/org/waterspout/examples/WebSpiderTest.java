// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.gen.Gen.moment;
import static org.waterspout.web.Application.url;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.waterspout.ioloop.IOLoop;
import org.waterspout.web.Application;
import org.waterspout.web.RequestHandler;

/** The spider, on a small site. */
final class WebSpiderTest {
  private static final AtomicInteger NOW = new AtomicInteger();
  private static final AtomicInteger MOST = new AtomicInteger();

  /** Twenty pages, each with links to the next two and to elsewhere. */
  static final class Page extends RequestHandler {
    @Override
    protected void get() {
      MOST.accumulateAndGet(NOW.incrementAndGet(), Math::max);
      for (int i = 0; i < 10; i++) {
        await(moment());
      }
      NOW.decrementAndGet();
      int number = Integer.parseInt(pathArgument(0));
      setHeader("Content-Type", "text/html; charset=UTF-8");
      write("<a href='http://elsewhere.example/'>x</a> <A class=y HREF=\"mailto:a@b\">y</A>");
      for (int next = number + 1; next < Math.min(number + 3, 20); next++) {
        write("<a id=\"n\" href = \"../page/" + next + "#top\">next</a>");
      }
      if (number == 19) {
        write("<a href='/gone?a=1&amp;b=2'>gone</a> <a href='a b'>broken</a>");
      }
    }
  }

  private static Map<String, String> crawl(String url, int atOnce, int most) throws Exception {
    try (var loop = new IOLoop()) {
      return loop.runSync(() -> WebSpider.crawl(url, atOnce, most));
    }
  }

  private static Serving site() throws Exception {
    NOW.set(0);
    MOST.set(0);
    return new Serving(() -> new Application(url("/page/(\\d+)", Page::new)));
  }

  @Test
  void findsEachPageOnce() throws Exception {
    try (var site = site()) {
      var results = crawl(site.uri("/page/0").toString(), 3, 1000);
      for (int i = 0; i < 20; i++) {
        assertThat(results).containsEntry(site.uri("/page/" + i).toString(), "200");
      }
      assertThat(results)
          .containsEntry(site.uri("/gone?a=1&b=2").toString(), "404 (HTTP 404: Not Found)")
          .containsEntry("a b", "not a URL, on " + site.uri("/page/19"))
          .hasSize(22);
      assertThat(MOST.get()).isBetween(1, 3);
    }
  }

  @Test
  void fetchesNoMorePagesThanItMay() throws Exception {
    try (var site = site()) {
      assertThat(crawl(site.uri("/page/0").toString(), 5, 7)).hasSize(7);
    }
  }
}
