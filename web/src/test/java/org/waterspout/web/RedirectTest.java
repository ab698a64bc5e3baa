// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.url;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;
import org.waterspout.routing.Rule;

/** Redirects by routes and by annotations. The context path of all is /app. */
class RedirectTest extends HandlerTest {
  private static Rule redirect(String pattern, String to) {
    return url(pattern, RedirectHandler.to(to));
  }

  private String location(String target, Rule rule) throws Exception {
    var answer = get(target, rule);
    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.body()).isEmpty();
    return answer.header("Location");
  }

  // ---- RedirectHandler

  @ParameterizedTest
  @CsvSource({
    "/a,/b,/a,/app/b",
    "/a,/b?x=1#part,/a?y=2&y=3,/app/b?x=1&y=2&y=3#part",
    "/a,/b,/a?,/app/b",
    "/a,HTTPS://example.org:81/b,/a?q,HTTPS://example.org:81/b?q",
    "/a,https://example.org,/a?q,https://example.org?q",
    "/photos/(.*),/pictures/{0},/photos/2026/x%2Fy.jpg,/app/pictures/2026/x%2Fy.jpg",
    "/(.*)/(.*),/{1}/{0}/{1},/a/b,/app/b/a/b",
    "/(?<year>\\d+)/(?<slug>.*),/post/{slug}-{year},/2026/a%20b,/app/post/a%20b-2026",
    "/a(/x)?/b,/c{0},/a/b,/app/c",
    "/tag/(.*),/search?q={0}&n=1,/tag/a%26b=%C3%A9/+,/app/search?q=a%26b%3D%C3%A9%2F%2B&n=1",
    "/tag/(.*),/all#{0},/tag/a%23b,/app/all#a%23b",
  })
  void redirects(String pattern, String to, String target, String location) throws Exception {
    assertThat(location(target, redirect(pattern, to))).isEqualTo(location);
  }

  @Test
  void encodesWhatAURLMayNotHave() throws Exception {
    var rule = redirect("/a/(.*)", "/b/{0}");

    assertThat(location("/a/\\\"<>^`{|}\u00c3\u00a9", rule))
        .isEqualTo("/app/b/%5C%22%3C%3E%5E%60%7B%7C%7D%C3%A9");
    assertThat(location("/a/x?\\%zz", rule)).isEqualTo("/app/b/x?%5C%25zz");
  }

  @ParameterizedTest
  @CsvSource({
    "(.*),/{0},//evil.example",
    "(/.*),/{0},/evil.example",
    "/go/(.*),/{0},/go//evil.example",
    "/go(/.*),/{0},/go/evil.example",
  })
  void neverLeadsToAnotherHost(String pattern, String to, String target) throws Exception {
    try (var log = new LogCapture(Log.GENERAL)) {
      var answer = get(target, redirect(pattern, to));

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.headers().contains("Location")).isFalse();
      assertThat(log.lines()).singleElement().asString().contains("//evil.example");
    }
  }

  @Test
  void keepsBackslashesFromBeingSlashes() throws Exception {
    assertThat(location("/go/\\evil.example", redirect("/go/(.*)", "/{0}")))
        .isEqualTo("/app/%5Cevil.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "b", "{0}", "//example.org/", "/\\example.org", "https://{0}.example.org/",
        "https://example.org{0}", "https:/x", "https://", "https:///x", "javascript:alert(1)", "/{",
        "/}", "/{a b}", "/{}", "/{0", "/{{0}}", "/\n/x"
      })
  void refusesURLsThatFixNoHost(String to) {
    assertThatThrownBy(() -> new RedirectHandler(to)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RedirectHandler.to(to))
        .as("before any request")
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/{1}", "/{name}"})
  void failsWhereTheRouteHasNoSuchGroup(String to) throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(get("/x", redirect("/(.*)", to)).status()).isEqualTo(500);
      assertThat(log.thrown()).singleElement().asString().contains("no group");
    }
  }

  @Test
  void redirectsForNowAndByHEADAndNothingElse() throws Exception {
    var rule = url("/a", RedirectHandler.to("/b", false));
    var posted = request("POST", "/a", "", rule);

    assertThat(get("/a", rule).status()).isEqualTo(302);
    assertThat(request("HEAD", "/a", "", rule).header("Location")).isEqualTo("/app/b");
    assertThat(posted.status()).isEqualTo(405);
    assertThat(posted.header("Allow")).isEqualTo("GET, HEAD");
  }

  // ---- slashes

  static class Adding extends RequestHandler {
    @Override
    @AddSlash
    protected void get() {
      write("at " + request().path());
    }

    @Override
    @AddSlash
    protected void head() {}

    @Override
    @AddSlash
    protected void post() {
      write("posted");
    }

    @Override
    protected void put() {
      write("put");
    }
  }

  static class Removing extends RequestHandler {
    @Override
    @RemoveSlash
    protected void get() {
      write("at " + request().path());
    }

    @Override
    @RemoveSlash
    protected void post() {
      write("posted");
    }
  }

  @Test
  void addsASlashToThePath() throws Exception {
    var rule = url(".*", Adding::new);

    assertThat(location("/a?b=c&d", rule)).isEqualTo("/app/a/?b=c&d");
    assertThat(location("/a/\\b", rule)).isEqualTo("/app/a/%5Cb/");
    assertThat(request("HEAD", "/a", "", rule).status()).isEqualTo(301);
    assertThat(request("POST", "/a", "", rule).status()).isEqualTo(404);
    assertThat(request("POST", "/a/", "", rule).body()).isEqualTo("posted");
    assertThat(request("PUT", "/a", "", rule).body()).isEqualTo("put");
    assertThat(get("/a/?b", rule).body()).isEqualTo("at /a/");
    assertThat(get("/", rule).body()).isEqualTo("at /");
  }

  @Test
  void takesSlashesOffThePath() throws Exception {
    var rule = url(".*", Removing::new);

    assertThat(location("/a/?b=c&d", rule)).isEqualTo("/app/a?b=c&d");
    assertThat(location("/a//", rule)).isEqualTo("/app/a");
    assertThat(request("POST", "/a/", "", rule).status()).isEqualTo(404);
    assertThat(request("POST", "/a", "", rule).body()).isEqualTo("posted");
    assertThat(get("/a?b", rule).body()).isEqualTo("at /a");
    assertThat(get("/", rule).body()).isEqualTo("at /");
    assertThat(request("POST", "/", "", rule).body()).isEqualTo("posted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example", "//evil.example/x", "http://example.org//evil.example"})
  void makesNoRedirectToAnotherHostByAddingASlash(String target) throws Exception {
    assertThat(get(target, url(".*", Adding::new)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/", "//", "///", "http://example.org//evil.example/"})
  void makesNoRedirectToAnotherHostByTakingSlashesOff(String target) throws Exception {
    assertThat(get(target, url(".*", Removing::new)).status()).isEqualTo(404);
  }

  @Test
  void correctsThePathAfterPrepare() throws Exception {
    class Prepared extends Adding {
      @Override
      protected void prepare() {
        throw new HTTPError(403);
      }
    }
    assertThat(get("/a", url("/a/?", Prepared::new)).status()).isEqualTo(403);
  }

  @Test
  void refusesContradictoryAndMisplacedAnnotations() {
    class Both extends RequestHandler {
      @Override
      @AddSlash
      @RemoveSlash
      protected void get() {}
    }
    class Misplaced extends RequestHandler {
      @AddSlash
      void list() {}
    }
    assertThatThrownBy(() -> HandlerClass.of(Both.class))
        .hasMessageContaining("both @AddSlash and @RemoveSlash");
    assertThatThrownBy(() -> HandlerClass.of(Misplaced.class))
        .hasMessageContaining("list is annotated @AddSlash, but is no verb method");
  }

  @Test
  void takesTheAnnotationsOfTheMostDerivedMethod() throws Exception {
    class Plain extends Adding {
      @Override
      protected void get() {
        write("plain");
      }
    }
    assertThat(get("/a", url("/a", Plain::new)).body()).isEqualTo("plain");
  }
}
