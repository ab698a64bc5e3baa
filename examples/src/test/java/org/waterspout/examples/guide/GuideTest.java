// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.waterspout.httpclient.HTTPRequest;
import org.waterspout.web.Application;
import org.waterspout.web.testing.ApplicationExtension;

/** What the guide shows does what the guide says. */
@Timeout(60)
final class GuideTest {
  @RegisterExtension
  static final ApplicationExtension numbers =
      ApplicationExtension.of(() -> new Application(url("/", Numbers::new)));

  @RegisterExtension
  final ApplicationExtension notes =
      ApplicationExtension.of(
          () -> Notes.application(new ConcurrentHashMap<>(Map.of("a", "see http://b <now>"))));

  @TempDir static Path files;

  @RegisterExtension
  static final ApplicationExtension site =
      ApplicationExtension.of(() -> Site.application(Site.withFiles(files)));

  @RegisterExtension
  static final ApplicationExtension production =
      ApplicationExtension.of(() -> Site.application(Site.forProduction().build()));

  @Test
  void fourWaysGiveOneSize() throws Exception {
    var page = notes.url("/notes/a");
    int size = notes.fetch("/notes/a").body().length;
    var told = new CompletableFuture<Integer>();
    notes.loop().addCallback(() -> FourWays.sizeByCallback(page, told::complete));
    assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(size);
    assertThat(FourWays.sizeBlocking(page)).isEqualTo(size);
    assertThat(notes.<Integer>call(() -> await(FourWays.sizeByFuture(page)))).isEqualTo(size);
    assertThat(notes.<Integer>call(() -> FourWays.sizeByAwait(page))).isEqualTo(size);
  }

  @Test
  void notesAreShownAndFound() {
    assertThat(notes.fetch("/notes/a").text())
        .isEqualTo("<p>see <a href=\"http://b\">http://b</a> &lt;now&gt;</p>");
    assertThat(notes.fetch("/notes/b").code()).isEqualTo(404);
    var put =
        notes.fetch(
            "/notes/b",
            request ->
                request
                    .method("PUT")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body("text=see+that"));
    assertThat(put.code()).isEqualTo(204);
    assertThat(notes.fetch("/notes?q=see").text()).isEqualTo("[\"/notes/a\",\"/notes/b\"]");
    assertThat(notes.fetch("/notes?q=see&most=1").text()).isEqualTo("[\"/notes/a\"]");
    assertThat(notes.fetch("/notes?q=see&most=x").text()).isEqualTo("{\"error\":\"Bad Request\"}");
  }

  @Test
  void numbersComeToTheLast() {
    assertThat(numbers.fetch("/").text()).startsWith("1\n2\n").endsWith("\n1000000\n");
  }

  @Test
  void filesHaveVersions() throws Exception {
    var css = Files.writeString(files.resolve("site.css"), "p {}");
    Files.setLastModifiedTime(css, FileTime.from(Instant.now().minusSeconds(60))); // it has settled
    var link = site.fetch("/", own("www.example.org")).text();
    var path = link.substring(link.indexOf("/static/"), link.lastIndexOf('"'));
    assertThat(path).startsWith("/static/site.css?v=");
    var file = site.fetch(path);
    assertThat(file.text()).isEqualTo("p {}");
    assertThat(file.headers().get("Cache-Control")).contains("immutable");
  }

  @Test
  void hostsAndOldAddressesAreAsTheGuideSays() {
    assertThat(site.fetch("/").code()).isEqualTo(404);
    assertThat(site.fetch("/", own("example.com")).code()).isEqualTo(404);
    var old = site.fetch("/home/a", own("example.org").andThen(it -> it.followRedirects(false)));
    assertThat(old.code()).isEqualTo(301);
    assertThat(old.headers().get("Location")).isEqualTo("/a");
  }

  @Test
  void requestsHaveNames() {
    var named = own("example.org").andThen(request -> request.header("X-Request-ID", "a-1"));
    assertThat(production.fetch("/home/", named.andThen(it -> it.followRedirects(false))))
        .satisfies(it -> assertThat(it.headers().get("X-Request-ID")).isEqualTo("a-1"));
  }

  private static Consumer<HTTPRequest.Builder> own(String host) {
    return request -> request.header("Host", host);
  }
}
