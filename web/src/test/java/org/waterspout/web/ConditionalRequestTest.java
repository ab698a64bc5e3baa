// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.waterspout.http.HTTPHeaders;
import org.waterspout.routing.Rule;

/** ETag, and requests that depend on what the client has, RFC 9110 section 13. */
class ConditionalRequestTest extends HandlerTest {
  private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
  private static final String THEN = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";

  private static class Page extends RequestHandler {
    @Override
    protected void get() throws Exception {
      setHeader("Cache-Control", "no-cache");
      setHeader("Vary", "Cookie");
      setCookie("seen", "1");
      write("a ");
      write("page");
    }

    @Override
    protected void head() throws Exception {
      get();
    }

    @Override
    protected void post() throws Exception {
      get();
    }
  }

  private static final Rule PAGE = url("/", Page::new);

  private String tag() throws Exception {
    return String.valueOf(get("/", PAGE).header("ETag"));
  }

  @Test
  void answersHaveAStrongTagOfTheirBody() throws Exception {
    var answer = get("/", PAGE);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).startsWith("\"").isEqualTo(tag());
    assertThat(request("HEAD", "/", "", PAGE).header("ETag")).isEqualTo(tag());
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    var answer = with("If-None-Match", "\"other\", W/" + tag()).get("/", PAGE);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().names())
        .contains("Date", "ETag", "Cache-Control", "Vary", "Set-Cookie")
        .doesNotContain("Content-Type", "Content-Length", "Content-Encoding");
  }

  @Test
  void headIsToldTheSame() throws Exception {
    var answer = with("If-None-Match", tag()).request("HEAD", "/", "", PAGE);
    assertThat(answer.status()).isEqualTo(304);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match | *           | 304",
        "If-None-Match | '\"other\"' | 200",
        "If-None-Match | nonsense    | 200",
        "If-Match      | *           | 200",
        "If-Match      | '\"other\"' | 412",
        "If-Match      | nonsense    | 412",
      })
  void tagsDecide(String name, String value, int status) throws Exception {
    var answer = with(name, value).get("/", PAGE);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(status == 200 ? "a page" : "");
  }

  @Test
  void theSameTagMeetsIfMatch() throws Exception {
    assertThat(with("If-Match", tag()).get("/", PAGE).status()).isEqualTo(200);
  }

  @Test
  void otherMethodsAreNotConditional() throws Exception {
    var answer = with("If-None-Match", "*").request("POST", "/", "", PAGE);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isNull();
  }

  @Test
  void otherStatusesAreNotConditional() throws Exception {
    var answer =
        with("If-None-Match", "*")
            .get(
                "/",
                url(
                    "/",
                    () ->
                        new RequestHandler() {
                          @Override
                          protected void get() {
                            setStatus(203);
                            write("somebody else's");
                          }
                        }));
    assertThat(answer.status()).isEqualTo(203);
    assertThat(answer.header("ETag")).isNull();
  }

  @Test
  void anAnswerInPiecesHasNoTag() throws Exception {
    var answer =
        with("If-None-Match", "*")
            .get(
                "/",
                url(
                    "/",
                    () ->
                        new RequestHandler() {
                          @Override
                          protected void get() {
                            write("first");
                            var _ = flush();
                            write("last");
                          }
                        }));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isNull();
    assertThat(answer.body()).isEqualTo("firstlast");
  }

  /** Has a tag of its own, or none. */
  private static final class Tagged extends Page {
    private final @Nullable String tag;

    Tagged(@Nullable String tag) {
      this.tag = tag;
    }

    @Override
    protected @Nullable String computeEtag() {
      return tag;
    }
  }

  @Test
  void computeEtagDecides() throws Exception {
    assertThat(get("/", url("/", () -> new Tagged("W/\"v1\""))).header("ETag"))
        .isEqualTo("W/\"v1\"");
    assertThat(get("/", url("/", () -> new Tagged(null))).header("ETag")).isNull();
    with("If-None-Match", "\"v1\"");
    assertThat(get("/", url("/", () -> new Tagged("W/\"v1\""))).status()).isEqualTo(304);
    assertThat(get("/", url("/", () -> new Tagged(null))).status()).isEqualTo(200);
  }

  /** Fails when it is asked for its tag, but not for that of the error page. */
  @Test
  void aFailingComputeEtagAnswers500() throws Exception {
    var answer =
        get(
            "/",
            url(
                "/",
                () ->
                    new Page() {
                      @Override
                      protected String computeEtag() {
                        throw new HTTPError(500);
                      }
                    }));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("ETag")).isNull();
  }

  @Test
  void headThatWritesNothingHasNoTag() throws Exception {
    var answer =
        request(
            "HEAD",
            "/",
            "",
            url(
                "/",
                () ->
                    new RequestHandler() {
                      @Override
                      protected void head() {
                        setHeader("Content-Length", 1000);
                      }
                    }));
    assertThat(answer.header("ETag")).isNull();
    assertThat(answer.header("Content-Length")).isEqualTo("1000");
  }

  @Test
  void setEtagHeaderSetsWhatComputeEtagSaysUnlessItIsSet() throws Exception {
    class Early extends Page {
      @Override
      protected void get() throws Exception {
        super.get();
        String own = getArgument("own", "");
        if (!own.isEmpty()) {
          setHeader("ETag", own);
        }
        setEtagHeader();
        var _ = flush(); // what is flushed gets no tag at the end
      }
    }
    class None extends Early {
      @Override
      protected @Nullable String computeEtag() {
        return null;
      }
    }

    assertThat(get("/", url("/", Early::new)).header("ETag")).isEqualTo(tag());
    assertThat(get("/?own=%22a%22", url("/", Early::new)).header("ETag")).isEqualTo("\"a\"");
    assertThat(get("/", url("/", None::new)).header("ETag")).isNull();
  }

  @Test
  void aHandlerThatSetItsTagCanLookBeforeItWorks() throws Exception {
    class Careful extends RequestHandler {
      @Override
      protected void get() {
        setHeader("ETag", "\"v7\"");
        if (checkEtagHeader()) {
          setStatus(304);
        } else {
          events.add("worked");
          write("v7");
        }
      }
    }

    assertThat(get("/", url("/", Careful::new)).header("ETag")).isEqualTo("\"v7\"");
    assertThat(with("If-None-Match", "\"v7\"").get("/", url("/", Careful::new)).status())
        .isEqualTo(304);
    assertThat(events).containsExactly("worked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Modified-Since   | " + BEFORE + " | 200",
        "If-Modified-Since   | " + THEN + "   | 304",
        "If-Modified-Since   | " + AFTER + "  | 304",
        "If-Modified-Since   | yesterday      | 200",
        "If-Unmodified-Since | " + BEFORE + " | 412",
        "If-Unmodified-Since | " + THEN + "   | 200",
        "If-Unmodified-Since | yesterday      | 200",
      })
  void datesDecideWhereTheHandlerHasSetOne(String name, String value, int status) throws Exception {
    class Dated extends Page {
      @Override
      protected void get() throws Exception {
        super.get();
        setHeader("Last-Modified", Instant.parse("1994-11-06T08:49:37Z"));
      }
    }

    var answer = with(name, value).get("/", url("/", Dated::new));
    assertThat(answer.status()).isEqualTo(status);
  }

  private static Conditions judge(String... fields) {
    var headers = new HTTPHeaders();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return Conditions.of(headers, "\"a\"", Instant.parse("1994-11-06T08:49:37.5Z"));
  }

  @Test
  void tagsComeBeforeDates() {
    assertThat(judge("If-None-Match", "\"b\"", "If-Modified-Since", AFTER))
        .isEqualTo(Conditions.MET);
    assertThat(judge("If-Match", "\"a\"", "If-Unmodified-Since", BEFORE)).isEqualTo(Conditions.MET);
  }

  @Test
  void whatMustNotHaveChangedComesBeforeWhatMustHave() {
    assertThat(judge("If-Match", "\"b\"", "If-None-Match", "\"a\"")).isEqualTo(Conditions.FAILED);
    assertThat(judge("If-Match", "\"a\"", "If-None-Match", "\"a\""))
        .isEqualTo(Conditions.NOT_MODIFIED);
  }

  @Test
  void severalFieldsAreOneList() {
    assertThat(judge("If-None-Match", "\"b\"", "If-None-Match", "\"a\""))
        .isEqualTo(Conditions.NOT_MODIFIED);
  }

  @Test
  void whatCannotBeJudgedIsIgnored() {
    var headers = new HTTPHeaders();
    headers.add("If-Match", "\"a\"");
    headers.add("If-Modified-Since", AFTER);
    assertThat(Conditions.of(headers, null, null)).isEqualTo(Conditions.MET);
    headers.add("If-None-Match", "*");
    assertThat(Conditions.of(headers, null, null)).isEqualTo(Conditions.NOT_MODIFIED);
  }
}
