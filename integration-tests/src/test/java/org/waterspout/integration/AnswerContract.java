// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Answers, their headers, and what is not sent again. */
interface AnswerContract extends Contract {
  @Test
  default void answersTextInUtf8() throws Exception {
    var answer = get("/hello");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("Hello, wörld");
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .matches("text/html; ?charset=(UTF-8|utf-8)"); // containers spell it their way
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("13");
    assertThat(answer.headers().allValues("Date")).hasSize(1);
    assertThat(answer.headers().allValues("Server")).hasSize(1);
  }

  @Test
  default void answersHeadWithTheHeadersOfGet() throws Exception {
    var head = request("/hello").method("HEAD", BodyPublishers.noBody()).build();
    var answer = CLIENT.send(head, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("13");
  }

  @Test
  default void sendsFilesWholeAndInParts() throws Exception {
    var bytes = Contract.randomBytes(300_000);
    var path = "/static/large.bin";
    var whole = CLIENT.send(request(path).build(), BodyHandlers.ofByteArray());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("Content-Length")).hasValue("300000");
    assertThat(Contract.sum(whole.body())).isEqualTo(Contract.sum(bytes));
    var part = request(path).header("Range", "bytes=100000-299998").build();
    var sent = CLIENT.send(part, BodyHandlers.ofByteArray());
    assertThat(sent.statusCode()).isEqualTo(206);
    assertThat(sent.headers().firstValue("Content-Range")).hasValue("bytes 100000-299998/300000");
    assertThat(Contract.sum(sent.body()))
        .isEqualTo(Contract.sum(Arrays.copyOfRange(bytes, 100_000, 299_999)));
    var tag = whole.headers().firstValue("ETag").orElseThrow();
    var again = request(path).header("If-None-Match", tag).build();
    var known = CLIENT.send(again, BodyHandlers.ofByteArray());
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    assertThat(known.headers().firstValue("ETag")).hasValue(tag);
    assertThat(get("/static/missing").statusCode()).isEqualTo(404);
  }

  @Test
  default void whatTheClientHasIsNotSentAgain() throws Exception {
    var tag = get("/hello").headers().firstValue("ETag").orElseThrow();
    var again = request("/hello").header("If-None-Match", "\"other\", " + tag).build();
    var answer = CLIENT.send(again, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
  }

  @Test
  default void answersJsonThatIsSafeInScripts() throws Exception {
    var answer = get("/json");
    assertThat(answer.body()).isEqualTo("{\"tag\":\"<\\/script>\"}");
    assertThat(answer.headers().firstValue("Content-Type")).get().asString().contains("json");
  }

  @Test
  default void carriesHeadersAndCookies() throws Exception {
    var request =
        request("/headers").header("X-In", "in").header("Cookie", "seen=yes; other=no").build();
    var answer = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("in|yes");
    assertThat(answer.headers().allValues("X-Twice")).containsExactly("one", "two");
    assertThat(answer.headers().firstValue("Set-Cookie")).get().asString().contains("flavour=salt");
  }

  @Test
  default void answers404And405() throws Exception {
    if (deployment().isFilter()) {
      assertThat(get("/nowhere").body()).isEqualTo("legacy");
    } else {
      assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    }
    var answer = get("/echo");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).get().asString().contains("POST");
  }

  @Test
  default void carriesFieldsOfOneNameInTheirOrder() throws Exception {
    var answer =
        rawGet("/headers", "X-In: one\r\n", "X-In: two, three\r\n", "Cookie: a=1; seen=yes\r\n");
    assertThat(answer).endsWith("one,two, three|yes");
    assertThat(answer).containsSubsequence("Set-Cookie: ", "Set-Cookie: ");
    assertThat(answer).contains("flavour=salt", "colour=grey");
  }

  @Test
  default void carriesTheBytesOfFieldsAsTheyAre() throws Exception {
    var utf8 = "gr\u00c3\u00bcn"; // its bytes, one a character
    assertThat(rawGet("/headers", "X-Echo: " + utf8 + "\r\n")).contains("X-Echo: " + utf8 + "\r\n");
  }
}
