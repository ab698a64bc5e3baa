// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.web.Application.url;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.waterspout.log.Log;

/** Bodies that are JSON. */
class JSONBodyTest extends HandlerTest {
  private LogCapture general;
  private LogCapture access;

  record Order(String item, int count) {
    Order {
      if (count < 1) {
        throw new IllegalArgumentException("a count of " + count);
      }
    }
  }

  static final class Orders extends RequestHandler {
    @Override
    protected void post() {
      var order = getJSONBody(Order.class);
      write(order.count() + " x " + order.item());
    }
  }

  @BeforeEach
  void capture() {
    general = new LogCapture(Log.GENERAL);
    access = new LogCapture(Log.ACCESS);
  }

  @AfterEach
  void release() {
    access.close();
    general.close();
  }

  private FakeConnection post(String body) throws Exception {
    return request("POST", "/", body, url("/", Orders::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        "application/vnd.order+json"
      })
  void becomesARecord(String type) throws Exception {
    with("Content-Type", type);
    assertThat(post("{\"item\":\"gr\u00fcn\",\"count\":2}").body()).isEqualTo("2 x gr\u00fcn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/json",
        "application/jsonp",
        "json",
        "multipart/form-data+json",
        "application/json; charset=iso-8859-1"
      })
  void isRefusedWith415WhereItIsNotSaidToBeJSON(String type) throws Exception {
    with("Content-Type", type);
    assertThat(post("{\"item\":\"a\",\"count\":2}").status()).isEqualTo(415);
  }

  @Test
  void isRefusedWith415WithoutATypeOrCompressed() throws Exception {
    assertThat(post("{\"item\":\"a\",\"count\":2}").status()).isEqualTo(415);
    with("Content-Type", "application/json").with("Content-Encoding", "br");
    assertThat(post("{\"item\":\"a\",\"count\":2}").status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "null",
        "[]",
        "{\"item\":\"a\",\"count\":2",
        "{\"item\":\"a\",\"count\":2}}",
        "{\"item\":\"a\",\"item\":\"b\",\"count\":2}",
        "{\"item\":\"a\",\"count\":\"2\"}",
        "{\"item\":\"a\",\"count\":0}",
        "{\"item\":\"a\"}"
      })
  void isRefusedWith400WhereItDoesNotFit(String body) throws Exception {
    with("Content-Type", "application/json");
    assertThat(post(body).status()).isEqualTo(400);
    assertThat(general.lines())
        .singleElement()
        .asString()
        .contains("the body")
        .doesNotContain("\n");
  }

  @Test
  void isRefusedWith400WithTwoTypes() throws Exception {
    with("Content-Type", "application/json").with("Content-Type", "application/json");
    assertThat(post("{\"item\":\"a\",\"count\":2}").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"item\":\"secret|at line 1, column",
        "{\"item\":\"secret\"} x|at line 1, column",
        "{\"item\":\"a\",\"count\":\"secret\"}|at line 1, column 21",
        "{\"item\":[\"secret\"]}|at line 1, column 9",
        "{'item':'secret'}|at line 1, column 2",
      })
  void isRefusedWithThePlaceButNotWithWhatStandsThere(String body, String place) throws Exception {
    with("Content-Type", "application/json");
    assertThat(post(body).status()).isEqualTo(400);
    assertThat(general.lines()).singleElement().asString().contains(place).doesNotContain("secret");
  }

  @Test
  void isRefusedWhereItIsNestedTooDeeply() throws Exception {
    with("Content-Type", "application/json");
    assertThat(post("[".repeat(100_000)).status()).isEqualTo(400);
    assertThat(general.lines()).singleElement().asString().contains("at line 1, column");
  }

  /** A type that answers by itself what it does not take, and one that cannot be made of JSON. */
  record Own(String item) {
    Own {
      if (item.isEmpty()) {
        throw new HTTPError(422, "an empty item");
      }
    }
  }

  interface Nothing {}

  @Test
  void isRefusedAsTheTypeSays() throws Exception {
    class Reading extends RequestHandler {
      @Override
      protected void post() {
        write(getJSONBody(Own.class).item());
      }
    }
    with("Content-Type", "application/json");
    assertThat(request("POST", "/", "{\"item\":\"\"}", url("/", Reading::new)).status())
        .isEqualTo(422);
    assertThat(general.lines()).singleElement().asString().endsWith("an empty item");
  }

  @Test
  void isNotTheClientsFaultWhereTheTypeIsNone() throws Exception {
    class Reading extends RequestHandler {
      @Override
      protected void post() {
        getJSONBody(Nothing.class);
      }
    }
    with("Content-Type", "application/json");
    try (var log = new LogCapture(Log.APPLICATION)) {
      assertThat(request("POST", "/", "{}", url("/", Reading::new)).status()).isEqualTo(500);
      assertThat(log.thrown()) // cleaned, as the cause's message has several lines
          .singleElement()
          .asString()
          .startsWith("java.lang.IllegalStateException: not the JSON of a Nothing");
    }
  }

  @Test
  void isNotThereWhereItIsStreamed() throws Exception {
    @StreamRequestBody
    class Streaming extends RequestHandler {
      @Override
      protected void dataReceived(byte[] chunk) {}

      @Override
      protected void post() {
        getJSONBody(Own.class);
      }
    }
    with("Content-Type", "application/json");
    try (var log = new LogCapture(Log.APPLICATION)) {
      var answer = request("POST", "/", "{}", url("/", Streaming::new));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(log.thrown()).singleElement().asString().contains("the body is streamed");
    }
  }
}
