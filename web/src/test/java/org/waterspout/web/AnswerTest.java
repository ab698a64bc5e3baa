// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.waterspout.routing.URLSpec;
import org.waterspout.web.RequestHandlerTest.Body;
import org.waterspout.web.RequestHandlerTest.TestHandler;

/** How a handler starts an answer anew, and how it ends one. */
class AnswerTest extends HandlerTest {
  private static URLSpec at(Body body) {
    return url("/", () -> new TestHandler(body));
  }

  @Test
  void startsFromScratchButKeepsCookies() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setStatus(201);
                  h.setHeader("X-Half", "done");
                  h.setHeader("Content-Type", "image/png");
                  h.setCookie("sid", "1");
                  h.write("half");
                  h.clear();
                  h.write("anew");
                }));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.reason()).isEqualTo("OK");
    assertThat(answer.headers().contains("X-Half")).isFalse();
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Set-Cookie")).isEqualTo("sid=1; Path=/");
    assertThat(answer.body()).isEqualTo("anew");
  }

  @Test
  void setsTheDefaultHeadersAgainWhenItIsCleared() throws Exception {
    class Cleared extends Traced {
      @Override
      protected void get() {
        clear();
        write("anew");
      }
    }

    assertThat(get("/", url("/", Cleared::new)).body()).isEqualTo("anew");
    assertThat(events)
        .containsExactly("setDefaultHeaders", "prepare", "setDefaultHeaders", "onFinish 200");
  }

  @Test
  void refusesToClearWhatHasBeenSent() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.write("half");
                  await(h.flush());
                  assertThatThrownBy(h::clear).isInstanceOf(IllegalStateException.class);
                  h.write(" and half");
                }));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("half and half");
  }

  @Test
  void endsWithBytesAsTheyAre() throws Exception {
    byte[] bytes = "Grüße".getBytes(StandardCharsets.UTF_8);
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.write("a ");
                  var _ = h.finish(bytes);
                  assertThat(h.finished()).isTrue();
                }));

    assertThat(answer.calls).containsExactly("headers", "write a Grüße", "finish");
    assertThat(answer.header("Content-Length")).isEqualTo("9");
  }

  @Test
  void endsWithAMapAsJSON() throws Exception {
    var answer = get("/", at(h -> h.finish(Map.of("a", 1))));

    assertThat(answer.calls).containsExactly("headers", "write {\"a\":1}", "finish");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
  }

  @Test
  void endsWithWhatFinishCarries() throws Exception {
    Finish[] ends = {
      new Finish(), new Finish("b"), new Finish(new byte[] {'c'}), new Finish(Map.of("d", 1))
    };
    String[] bodies = {"a", "ab", "ac", "a{\"d\":1}"};
    for (int i = 0; i < ends.length; i++) {
      var end = ends[i];
      var answer =
          get(
              "/",
              at(
                  h -> {
                    h.setStatus(202);
                    h.write("a");
                    throw end;
                  }));
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.body()).isEqualTo(bodies[i]);
      assertThat(String.valueOf(answer.header("Content-Type")))
          .startsWith(i == 3 ? "application/json" : "text/html");
    }
  }
}
