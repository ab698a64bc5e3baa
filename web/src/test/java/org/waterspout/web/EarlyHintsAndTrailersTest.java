// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.web.Application.url;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.http.Capability;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.log.Log;
import org.waterspout.routing.URLSpec;

/** What a handler sends before its answer and behind it. */
class EarlyHintsAndTrailersTest extends HandlerTest {
  interface Body {
    void run(Handler handler) throws Exception;
  }

  static class Handler extends RequestHandler {
    private final Body body;

    Handler(Body body) {
      this.body = body;
    }

    @Override
    protected void get() throws Exception {
      body.run(this);
    }

    @Override
    protected void head() throws Exception {
      body.run(this);
    }
  }

  @Prefers({Capability.INFORMATIONAL_ANSWERS, Capability.RESPONSE_TRAILERS})
  static final class Coping extends Handler {
    Coping(Body body) {
      super(body);
    }
  }

  private static URLSpec at(Body body) {
    return url("/", () -> new Handler(body));
  }

  private static HTTPHeaders link(String target) {
    var headers = new HTTPHeaders();
    headers.add("Link", "<" + target + ">; rel=preload");
    return headers;
  }

  // ---- early hints

  @Test
  void sendsEarlyHintsBeforeTheAnswer() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  await(h.sendEarlyHints(link("/a.css")));
                  await(h.sendEarlyHints(link("/b.css")));
                  h.write("page");
                }));

    assertThat(answer.calls)
        .containsExactly(
            "103 Early Hints [Link=</a.css>; rel=preload]",
            "103 Early Hints [Link=</b.css>; rel=preload]",
            "headers",
            "write page",
            "finish");
    assertThat(answer.header("Link")).isNull();
    assertThat(answer.header("Content-Length")).isEqualTo("4");
  }

  @Test
  void sendsNoEarlyHintsBehindTheHeaders() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  await(h.flush());
                  assertThatIllegalStateException()
                      .isThrownBy(() -> h.sendEarlyHints(link("/")))
                      .withMessageContaining("after its headers");
                  h.write("page");
                }));
    assertThat(answer.calls).containsExactly("headers", "write page", "finish");
  }

  @Test
  void answersWithAnErrorPageBehindEarlyHints() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer =
          get(
              "/",
              at(
                  h -> {
                    var _ = h.sendEarlyHints(link("/a.css"));
                    throw new IllegalStateException("expected");
                  }));
      assertThat(answer.calls.getFirst()).startsWith("103 ");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(log.lines()).hasSize(1);
    }
  }

  // ---- trailers

  @Test
  void sendsTrailersBehindABodyWithoutALength() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setTrailer("X-Sum", "1");
                  h.setTrailer("x-sum", "2");
                  h.setTrailer("X-Rows", "3");
                  h.write("body");
                }));

    assertThat(answer.calls)
        .containsExactly("headers", "write body", "trailers [X-Sum=2, X-Rows=3]", "finish");
    assertThat(answer.headers().contains("Content-Length")).isFalse();
    assertThat(answer.headers().getList("Trailer")).containsExactly("X-Sum", "X-Rows");
  }

  @Test
  void setsTrailersWhileTheBodyIsSent() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setHeader("Trailer", "X-Sum");
                  h.write("a");
                  await(h.flush());
                  h.setTrailer("X-Sum", "1");
                }));
    assertThat(answer.calls).containsExactly("headers", "write a", "trailers [X-Sum=1]", "finish");
    assertThat(answer.headers().getList("Trailer")).containsExactly("X-Sum");
  }

  @Test
  void announcesNoLengthToHeadEither() throws Exception {
    var answer =
        request(
            "HEAD",
            "/",
            "",
            at(
                h -> {
                  h.setTrailer("X-Sum", "1");
                  h.write("body");
                }));
    assertThat(answer.headers().contains("Content-Length")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "flushed"})
  void refusesTrailersBehindABodyWithALength(String when) throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setHeader("Content-Length", 4);
                  h.write("body");
                  if (when.equals("flushed")) {
                    await(h.flush());
                  }
                  assertThatIllegalStateException()
                      .isThrownBy(() -> h.setTrailer("X-Sum", "1"))
                      .withMessageContaining("Content-Length");
                }));
    assertThat(answer.calls).containsExactly("headers", "write body", "finish");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void answersALengthThatComesBehindTrailersWithAnErrorPage() throws Exception {
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer =
          get(
              "/",
              at(
                  h -> {
                    h.setTrailer("X-Sum", "1");
                    h.setHeader("Content-Length", 4);
                    h.write("body");
                  }));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.calls).hasSize(3).endsWith("finish").noneMatch(c -> c.contains("X-Sum"));
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void forgetsTrailersOfAnAnswerThatFails() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setTrailer("X-Sum", "1");
                  h.sendError(404);
                }));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.calls).hasSize(3).endsWith("finish");
    assertThat(answer.headers().contains("Content-Length")).isTrue();
  }

  @Test
  void sendsNoBodyForTheSakeOfTrailers() throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  h.setTrailer("X-Sum", "1");
                  h.setStatus(204);
                }));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers().contains("Trailer")).isFalse();
    assertThat(answer.calls).startsWith("headers").endsWith("finish");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "transfer-encoding", "Set-Cookie", "Content-Type", ""})
  void refusesTrailersThatOnlyCountInFrontOfABody(String name) throws Exception {
    var answer =
        get(
            "/",
            at(
                h -> {
                  assertThatIllegalArgumentException().isThrownBy(() -> h.setTrailer(name, "1"));
                  assertThatIllegalArgumentException()
                      .isThrownBy(() -> h.setTrailer("X-Sum", "1\r\nX: y"));
                  h.write("body");
                }));
    assertThat(answer.calls).containsExactly("headers", "write body", "finish");
  }

  // ---- capabilities

  @Test
  void saysWhatIsMissing() throws Exception {
    lacking(Capability.INFORMATIONAL_ANSWERS, Capability.RESPONSE_TRAILERS);
    List<Body> uses = List.of(h -> h.sendEarlyHints(link("/")), h -> h.setTrailer("X-Sum", "1"));
    for (Body use : uses) {
      try (var log = new LogCapture(Log.APPLICATION)) {
        assertThat(get("/", at(use)).status()).isEqualTo(501);
        assertThat(log.lines()).hasSize(1);
      }
    }
  }

  @Test
  void doesWithoutWhereTheHandlerCopes() throws Exception {
    lacking(Capability.INFORMATIONAL_ANSWERS, Capability.RESPONSE_TRAILERS);
    Body body =
        h -> {
          await(h.sendEarlyHints(link("/")));
          h.setTrailer("X-Sum", "1");
          h.write("page");
        };
    var answer = get("/", url("/", () -> new Coping(body)));
    assertThat(answer.calls).containsExactly("headers", "write page", "finish");
    assertThat(answer.header("Content-Length")).isEqualTo("4");
  }
}
