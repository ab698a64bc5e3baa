// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.web.Application.url;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.waterspout.routing.URLSpec;
import org.waterspout.web.RequestHandlerTest.Body;
import org.waterspout.web.RequestHandlerTest.TestHandler;

/** How a handler reads the arguments of query, body and path. */
class HandlerArgumentsTest extends HandlerTest {
  private static URLSpec at(String pattern, Body body) {
    return url(pattern, () -> new TestHandler(body));
  }

  @Test
  void readsTypedArguments() throws Exception {
    var rule =
        at(
            "/",
            h ->
                h.write(
                    h.getArgument("page", Integer::valueOf, 1)
                        + " "
                        + h.getArgument("size", Duration::parse)
                        + " "
                        + h.getArgument("absent", Integer::valueOf, 7)));

    assertThat(get("/?page=3&size=PT2S", rule).body()).isEqualTo("3 PT2S 7");
    assertThat(get("/?page=x&size=PT2S", rule).status()).isEqualTo(400);
    assertThat(get("/?page=1&size=2", rule).status()).isEqualTo(400);
    assertThat(get("/?page=1", rule).status()).isEqualTo(400);
  }

  @Test
  void readsTypedArgumentsOfQueryOrBodyAlone() throws Exception {
    var rule =
        at(
            "/",
            h ->
                h.write(
                    h.getQueryArgument("a", Integer::valueOf)
                        + " "
                        + h.getBodyArgument("a", Integer::valueOf)
                        + " "
                        + h.getQueryArgument("b", Integer::valueOf, 3)
                        + " "
                        + h.getBodyArgument("c", Integer::valueOf, 4)));

    assertThat(post("/?a=1&c=9", "a=2&b=9", rule).body()).isEqualTo("1 2 3 4");
    assertThat(post("/?a=1&b=x", "a=2", rule).status()).isEqualTo(400);
    assertThat(post("/?a=1", "a=2&c=x", rule).status()).isEqualTo(400);
    assertThat(post("/?a=x", "a=2", rule).status()).isEqualTo(400);
    assertThat(post("/?a=1", "a=x", rule).status()).isEqualTo(400);
    assertThat(post("/?a=1", "", rule).status()).isEqualTo(400);
    assertThat(post("/", "a=2", rule).status()).isEqualTo(400);
  }

  @Test
  void readsAnArgumentThatNeedNotBeThereAsNull() throws Exception {
    var rule = at("/", h -> h.write("" + h.<@Nullable String>getArgument("a", s -> s, null)));

    assertThat(get("/", rule).body()).isEqualTo("null");
    assertThat(get("/?a=b", rule).body()).isEqualTo("b");
  }

  @Test
  void tellsWhatIsMissing() throws Exception {
    var rule =
        at(
            "/",
            h ->
                assertThatThrownBy(() -> h.getArgument("page"))
                    .isInstanceOfSatisfying(
                        MissingArgumentError.class,
                        e -> {
                          assertThat(e.argumentName()).isEqualTo("page");
                          assertThat(e.status()).isEqualTo(400);
                          events.add("checked");
                        }));

    assertThat(get("/", rule).status()).isEqualTo(200);
    assertThat(events).containsExactly("checked");
  }

  @Test
  void takesTheLastOfSeveralValuesTheBodyAfterTheQuery() throws Exception {
    var rule =
        at(
            "/",
            h ->
                h.write(
                    h.getArguments("a")
                        + h.getArgument("a")
                        + h.getQueryArgument("a")
                        + h.getBodyArgument("b", "none")));

    assertThat(post("/?a=1&a=2", "a=3&a=4", rule).body()).isEqualTo("[1, 2, 3, 4]42none");
  }

  @Test
  void takesControlCharactersAndSpaceOffArguments() throws Exception {
    var rule = at("/", h -> h.write("[" + h.getArgument("a") + "]"));

    assertThat(get("/?a=%00+b%0Bc%01d%09%0A+", rule).body()).isEqualTo("[b\u000bc d]");
  }

  @Test
  void leavesSpaceAroundArgumentsWhereAskedTo() throws Exception {
    var rule =
        at(
            "/",
            h ->
                h.write(
                    h.getArguments("a", false)
                        + ""
                        + h.getQueryArguments("a", false)
                        + h.getBodyArguments("a", false)
                        + h.getArgument("a", "none", false)
                        + h.getArgument("b", " none ", false)));

    assertThat(post("/?a=+1%01", "a=%092+", rule).body())
        .isEqualTo("[ 1 , \t2 ][ 1 ][\t2 ]\t2  none ");
    var single =
        at(
            "/",
            h ->
                h.write(
                    h.getArgument("a", false)
                        + h.getQueryArgument("a", false)
                        + h.getBodyArgument("a", false)
                        + h.getQueryArgument("a", " q ", false)
                        + h.getQueryArgument("b", " q ", false)
                        + h.getBodyArgument("b", " b ", false)
                        + h.getArgument("a", true)));
    assertThat(post("/?a=+1", "a=2+", single).body()).isEqualTo("2  12  1 q  b 2");
    assertThat(get("/?b=1", at("/", h -> h.write(h.getArgument("a", false)))).status())
        .isEqualTo(400);
  }

  @Test
  void decodesGroupsOfThePathAfterTheMatch() throws Exception {
    var rule = at("/(?<a>[^/]+)/(?<b>.+)?", h -> h.write(h.pathArgument("a")));
    var positional = at("/([^/]+)/(x)?", h -> h.write(h.pathArgument(0) + h.pathArgument(1)));

    assertThat(get("/a%2Fb+%C3%A9/", rule).body()).isEqualTo("a/b+é");
    assertThat(get("/a/x", positional).body()).isEqualTo("ax");
    assertThat(get("/a/", positional).status()).isEqualTo(400);
  }

  @Test
  void readsGroupsThatTookNoPartWithADefault() throws Exception {
    var named =
        at(
            "/(?<a>[^/]+)/(?<b>.+)?",
            h -> h.write(h.pathArgument("a", "no a") + h.pathArgument("b", "no b")));
    var positional = at("/([^/]+)/(x)?", h -> h.write(h.pathArgument(1, "none")));

    assertThat(get("/a/%62", named).body()).isEqualTo("ab");
    assertThat(get("/a/", named).body()).isEqualTo("ano b");
    assertThat(get("/a/x", positional).body()).isEqualTo("x");
    assertThat(get("/a/", positional).body()).isEqualTo("none");
  }

  @Test
  void refusesGroupsThatTheRouteHasNot() throws Exception {
    var rule =
        at(
            "/(?<a>.*)",
            h -> {
              assertThatThrownBy(() -> h.pathArgument("b", "none"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> h.pathArgument(0, "none"))
                  .isInstanceOf(IllegalArgumentException.class);
              h.write("checked");
            });

    assertThat(get("/a", rule).body()).isEqualTo("checked");
  }
}
