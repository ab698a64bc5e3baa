// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.waterspout.http.Capability;

/**
 * Which paths reach which route, and which are refused. What {@code /path} answers are its two path
 * arguments and its query argument as they were decoded.
 */
interface PathContract extends Contract {
  /** A target, and the body of its answer where every valid target reaches its route. */
  record Target(String target, String body) {}

  /** Containers and we would not read these alike, or some would not take them at all. */
  List<Target> AMBIGUOUS =
      List.of(
          new Target("/path/a%2Fb/c", "a/b|c|-"),
          new Target("/path/./a/../b/c", ".|a/../b/c|-"),
          new Target("/path/../hello", "..|hello|-"),
          new Target("/path/%2e%2e/hello", "..|hello|-"),
          new Target("/path/a;x=1/c", "a;x=1|c|-"),
          new Target("/path/a|b/c", "a|b|c|-"),
          new Target("/path/a\\b/c", "a\\b|c|-"),
          new Target("/path/a%5Cb/c", "a\\b|c|-"));

  @Test
  default void decodesPathAndQueryArguments() throws Exception {
    assertThat(get("/path/a%20b/c/d?q=x%26y+z").body()).isEqualTo("a b|c/d|x&y z");
    assertThat(get("/path/gr%C3%BCn/").body()).isEqualTo("grün||-");
    assertThat(get("/path/a%3Bb%3Fc/d+e?q=%2B").body()).isEqualTo("a;b?c|d+e|+");
  }

  @Test
  default void targetsThatMeanTwoThingsReachTheirRouteAsSentOrAreRefused() throws Exception {
    for (var each : AMBIGUOUS) {
      var answer = rawGet(each.target());
      if (offers(Capability.RAW_REQUEST_TARGET)) {
        assertThat(answer).as(each.target()).startsWith("HTTP/1.1 200 ").endsWith(each.body());
      } else {
        assertThat(answer).as(each.target()).startsWith("HTTP/1.1 400");
      }
    }
    measured(Capability.RAW_REQUEST_TARGET);
  }

  @Test
  default void refusesWhatCannotBeDecoded() throws Exception {
    for (var target :
        List.of("/path/%E4/c", "/path/%u0041/c", "/path/a/b?q=%zz", "/path/\u00e9/c")) {
      assertThat(rawGet(target)).as(target).startsWith("HTTP/1.1 400");
    }
  }

  /** A percent sign itself, or a NUL: as sent, or refused, but never another path. */
  @Test
  default void whatSomeContainersRefuseIsRefusedOrReadAsSent() throws Exception {
    for (var each :
        List.of(new Target("/path/a%25b/c", "a%b|c|-"), new Target("/path/a%00b/c", "a\0b|c|-"))) {
      var answer = rawGet(each.target());
      if (!answer.startsWith("HTTP/1.1 400") || offers(Capability.RAW_REQUEST_TARGET)) {
        assertThat(answer).as(each.target()).startsWith("HTTP/1.1 200 ").endsWith(each.body());
      }
    }
  }

  /**
   * No spelling of a path reaches a route whose own path is spelled otherwise. Nor does it pass by
   * a route in a filter.
   */
  @Test
  default void otherSpellingsOfAPathReachNoRoute() throws Exception {
    for (var target : List.of("//hello", "/hello;x", "/%68ello", "/./hello", "/x/../hello")) {
      assertThat(rawGet(target))
          .as(target)
          .matches(deployment().isFilter() ? "(?s)HTTP/1.1 400 .*" : "(?s)HTTP/1.1 (400|404) .*");
    }
  }

  @Test
  default void aPathThatIsNearlyARoutesReachesNoRoute() throws Exception {
    for (var target : List.of("/hello/", "/hello%00", "/Hello", "/hell")) {
      assertThat(rawGet(target))
          .as(target)
          .matches(
              deployment().isFilter()
                  ? "(?s)HTTP/1.1 (400 |200 .*legacy).*"
                  : "(?s)HTTP/1.1 (400|404) .*");
    }
  }

  /** Whether they mean two things is up to who is behind the filter, or to the container. */
  @Test
  default void otherSpellingsOfWhatIsNoRouteReachTheServletBehindAFilter() throws Exception {
    for (var target : List.of("/nowhere;x=1", "/%6eowhere", "/x/../nowhere")) {
      assertThat(rawGet(target))
          .as(target)
          .matches(
              deployment().isFilter() ? "(?s)HTTP/1.1 200 .*legacy" : "(?s)HTTP/1.1 (400|404) .*");
    }
  }

  @Test
  default void takesATargetThatNamesTheHostToo() throws Exception {
    try (var client = connect()) {
      client.send(
          "GET http://x" + path("/path/a/b") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("a|b|-");
    }
  }
}
