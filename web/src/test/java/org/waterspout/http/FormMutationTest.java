// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Parsers of forms, cookies, dates and start lines against input with a few bytes changed: it is
 * accepted or refused, but nothing else happens, and how it arrived makes no difference.
 */
class FormMutationTest {
  private static final int ROUNDS = 2000;
  private static final long SEED = 7578;

  private static final String FORM =
      "--b\r\n"
          + "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
          + "one\r\n"
          + "--b\r\n"
          + "Content-Disposition: form-data; name=c; filename=\"d\\\"\"; filename*=utf-8''%41\r\n"
          + "Content-Type: text/plain\r\n\r\n"
          + "two\r\n"
          + "--\r\n"
          + "-b\r\n\r\n"
          + "--b--\r\n";

  private static final String SPICE = "\r\n--b:;=\"'\\%&+*, \t\u0000\u007f\u00c3\u00ff019aGMT";

  @Test
  void multipartFormsDoNotDependOnHowTheyArrive() {
    var finished = new AtomicInteger();
    var refused = new AtomicInteger();
    Soak.run(
        SEED,
        ROUNDS,
        (random, round) -> {
          var mutator = new Mutator(random, SPICE);
          byte[] body = mutator.mutated(FORM);
          var whole = MultipartForm.parse("b", FormLimits.DEFAULT, body);
          assertThat(MultipartForm.parse("b", FormLimits.DEFAULT, mutator.pieces(body, 12)))
              .as(new String(body, StandardCharsets.ISO_8859_1))
              .isEqualTo(whole);
          finished.addAndGet(whole.getLast().equals("finished") ? 1 : 0);
          refused.addAndGet(whole.getLast().startsWith("refused") ? 1 : 0);
        });
    assertThat(finished).as("not all of them are broken").hasPositiveValue();
    assertThat(refused).hasPositiveValue();
  }

  @Test
  void whatIsReadFromAHeaderCanBeWrittenAndReadAgain() {
    each(
        "form-data; name=\"a\\\"b\"; flag; filename=c",
        text -> {
          var value = HTTPUtil.parseHeader(text);
          assertThat(HTTPUtil.parseHeader(HTTPUtil.encodeHeader(value))).isEqualTo(value);
        });
  }

  @Test
  void aDateThatIsReadCanBeWrittenAndReadAgain() {
    for (var date :
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994")) {
      each(
          date,
          text -> {
            var instant = HTTPUtil.parseTimestamp(text);
            if (instant != null && !instant.isBefore(Instant.parse("0001-01-01T00:00:00Z"))) {
              assertThat(HTTPUtil.parseTimestamp(HTTPUtil.formatTimestamp(instant)))
                  .isEqualTo(instant);
            }
          });
    }
  }

  @Test
  void aStatusLineThatIsReadIsOne() {
    each(
        "HTTP/1.1 200 OK",
        text -> {
          var line = HTTPUtil.parseResponseStartLine(text);
          assertThat(line.status()).isBetween(100, 999);
          assertThat(line.reason()).doesNotContain("\r").doesNotContain("\n");
        });
    each(
        "GET /a?b=%20 HTTP/1.1",
        text -> assertThat(HTTPUtil.parseRequestStartLine(text)).isNotNull());
  }

  @Test
  void cookiesAreReadWhateverTheyAre() {
    each(
        "a=b; c=\"d\\073\\\"e\"; f",
        text -> assertThat(HTTPUtil.parseCookie(text)).hasSizeLessThanOrEqualTo(text.length()));
  }

  @Test
  void fieldsAreReadOrRefused() {
    each("A: b\r\nC: d\r\n", text -> assertThat(HTTPHeaders.parse(text).size()).isBetween(0, 20));
  }

  @Test
  void formsHaveNoMoreArgumentsThanTheyMay() {
    var limits = FormLimits.DEFAULT.withMaxArguments(3);
    each(
        "a=b&c=%C3%A4&d+e",
        text -> {
          var arguments =
              Form.arguments(text.getBytes(StandardCharsets.ISO_8859_1), limits, "body");
          assertThat(arguments.values().stream().mapToInt(List::size).sum()).isBetween(0, 3);
        });
  }

  /** Gives the check many mutations, of which it may refuse any. */
  private void each(String good, Consumer<String> check) {
    check.accept(good);
    Soak.run(
        SEED,
        ROUNDS,
        (random, round) -> {
          byte[] mutated = new Mutator(random, SPICE).mutated(good);
          String text = new String(mutated, StandardCharsets.ISO_8859_1);
          try {
            check.accept(text);
          } catch (HTTPInputException e) {
            // refused
          } catch (RuntimeException e) {
            fail(text, e);
          }
        });
  }
}
