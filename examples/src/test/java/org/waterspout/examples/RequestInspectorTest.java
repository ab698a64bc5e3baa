// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inspector, asked byte by byte. */
@Timeout(60)
final class RequestInspectorTest {
  private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)\r\n");
  private static final Pattern FIELD = Pattern.compile("\\[\"([^\"]*)\",\"([^\"]*)\"]");

  private Serving serving;

  @BeforeEach
  void serve() throws Exception {
    serving = new Serving(RequestInspector::application);
  }

  @AfterEach
  void stop() throws Exception {
    serving.close();
  }

  private static String answer(RawClient client) throws Exception {
    var head = client.head();
    assertThat(head).startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
    var length = LENGTH.matcher(head);
    return length.find() ? client.exactly(Integer.parseInt(length.group(1))) : client.rest();
  }

  private String answer(String request) throws Exception {
    try (var client = serving.connect()) {
      return answer(client.send(request));
    }
  }

  private static String base64(String bytes) {
    return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
  }

  private static List<String> headers(String json) {
    var fields = new ArrayList<String>();
    var found = FIELD.matcher(json.substring(json.indexOf("\"headers\"")));
    while (found.find()) {
      fields.add(text(found.group(1)) + ": " + text(found.group(2)));
    }
    return fields;
  }

  private static String member(String json, String name) {
    var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    assertThat(found.find()).as("%s in %s", name, json).isTrue();
    return text(found.group(1));
  }

  @Test
  void saysWhatARequestWas() throws Exception {
    assertThat(answer("POST /a%20b?c HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\u0000\u00ff"))
        .isEqualTo(
            "{\"headers\":[[\"%s\",\"%s\"],[\"%s\",\"%s\"]],"
                    .formatted(base64("Host"), base64("a"), base64("Content-Length"), base64("2"))
                + "\"body\":\"%s\",\"method\":\"%s\",\"uri\":\"%s\",\"version\":\"%s\"}"
                    .formatted(
                        base64("\u0000\u00ff"),
                        base64("POST"),
                        base64("/a%20b?c"),
                        base64("HTTP/1.1")));
  }

  @Test
  void keepsFieldsApartInOrderAndAsTheyWereSpelled() throws Exception {
    var fields =
        "X-A: 1\r\nhOST: a\r\nx-a: 2\r\nX-A:3\r\nempty:\r\nblank: \t \r\ninner:  a \t b\t\r\n"
            + "bytes: \u00e4\u0080\u00ff\r\nquote: \"\\\r\nC: a,b\r\nx-A: 1\r\n";
    var expected =
        new String[] {
          "X-A: 1",
          "hOST: a",
          "x-a: 2",
          "X-A: 3",
          "empty: ",
          "blank: ",
          "inner: a \t b",
          "bytes: \u00e4\u0080\u00ff",
          "quote: \"\\",
          "C: a,b",
          "x-A: 1"
        };
    assertThat(headers(answer("GET / HTTP/1.1\r\n" + fields + "\r\n"))).containsExactly(expected);

    var many = new StringBuilder(); // more than are looked up one by one
    var manyExpected = new ArrayList<>(List.of(expected));
    for (int i = 0; i < 100; i++) {
      var name = i % 2 == 0 ? "n-" : "N-";
      many.append(name).append(i % 7).append(": ").append(i).append("\r\n");
      manyExpected.add(name + i % 7 + ": " + i);
    }
    assertThat(headers(answer("GET / HTTP/1.1\r\n" + fields + many + "\r\n")))
        .containsExactlyElementsOf(manyExpected);
  }

  @Test
  void takesTheTransferCodingOff() throws Exception {
    var json =
        answer(
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n0a\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n");
    assertThat(member(json, "body")).isEqualTo("abc0123456789");
    assertThat(headers(json)).containsExactly("Host: a", "Transfer-Encoding: Chunked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "get //a/../b?c=%zz&",
        "BREW /pot",
        "OPTIONS *",
        "GET http://example.org/x?y",
        "TRACE /",
        "!#$%&'*+-.^_`|~09aZ /"
      })
  void takesAnyMethodAndTarget(String start) throws Exception {
    var json = answer(start + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    int space = start.indexOf(' ');
    assertThat(member(json, "method")).isEqualTo(start.substring(0, space));
    assertThat(member(json, "uri")).isEqualTo(start.substring(space + 1));
    assertThat(member(json, "body")).isEmpty();
  }

  @Test
  void answersConnectAndHeadWithinTheirFraming() throws Exception {
    var json = answer("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
    assertThat(member(json, "uri")).isEqualTo("a:443");
    try (var client = serving.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head()).contains("Content-Length: ");
      assertThat(member(answer(client), "uri")).isEqualTo("/2");
    }
  }

  @Test
  void tellsPipelinedRequestsApart() throws Exception {
    try (var client = serving.connect()) {
      client.send(
          "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
              + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              + "GET /3 HTTP/1.0\r\n\r\n");
      assertThat(member(answer(client), "body")).isEqualTo("x");
      assertThat(member(answer(client), "body")).isEmpty();
      var last = answer(client);
      assertThat(member(last, "uri")).isEqualTo("/3");
      assertThat(member(last, "version")).isEqualTo("HTTP/1.0");
      assertThat(headers(last)).isEmpty();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void servesTheJDKsClient() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var body = "\u00fc".repeat(1 << 20);
      var request =
          HttpRequest.newBuilder(serving.uri("/x"))
              .header("X-A", "1")
              .header("X-A", "2")
              .timeout(Duration.ofSeconds(20))
              .POST(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
              .build();
      var json = client.send(request, BodyHandlers.ofString()).body();
      assertThat(headers(json)).containsSequence("X-A: 1", "X-A: 2");
      assertThat(member(json, "body").equals(body)).isTrue();
    }
  }
}
