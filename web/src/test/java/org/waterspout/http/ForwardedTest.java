// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedTest {
  private static final ConnectionContext PROXY =
      new ConnectionContext("192.0.2.9", 4711, "192.0.2.1", 80, "http");
  private static final Set<String> TRUSTED = Set.of("192.0.2.7", "192.0.2.8");

  private static ConnectionContext apply(String... fields) {
    var headers = new HTTPHeaders();
    for (String field : fields) {
      int colon = field.indexOf(':');
      headers.add(field.substring(0, colon), field.substring(colon + 1).strip());
    }
    return Forwarded.apply(PROXY, headers, TRUSTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          X-Forwarded-For: 198.51.100.1                          | 198.51.100.1
          X-Forwarded-For: 203.0.113.5, 198.51.100.1             | 198.51.100.1
          X-Forwarded-For: 198.51.100.1,192.0.2.7 , 192.0.2.8    | 198.51.100.1
          X-Forwarded-For: 192.0.2.7, 192.0.2.8                  | 192.0.2.7
          X-Forwarded-For: 2001:db8::1                           | 2001:db8::1
          X-Real-Ip: 198.51.100.2                                | 198.51.100.2
          X-Forwarded-For: 198.51.100.1, unknown                 | 192.0.2.9
          X-Forwarded-For: 198.51.100.1:4711                     | 192.0.2.9
          X-Forwarded-For: 198.51.100.1, localhost               | 192.0.2.9
          X-Forwarded-For: 1                                     | 192.0.2.9
          X-Real-Ip: 198.51.100.2\t                              | 198.51.100.2
          X-Real-Ip: 4\u0661.0.0.1                               | 192.0.2.9
          X-Forwarded-For: ,                                     | 192.0.2.9
          """)
  void findsTheClientsAddress(String field, String ip) {
    var context = Forwarded.apply(PROXY, headersOf(field), TRUSTED);
    assertThat(context.remoteIP()).isEqualTo(ip);
    assertThat(context.remotePort()).isEqualTo(ip.equals(PROXY.remoteIP()) ? 4711 : 0);
    assertThat(context.localIP()).isEqualTo("192.0.2.1");
  }

  private static HTTPHeaders headersOf(String field) {
    var headers = new HTTPHeaders();
    int colon = field.indexOf(':');
    headers.addChecked(field.substring(0, colon), field.substring(colon + 1).strip());
    return headers;
  }

  @Test
  void prefersTheRealAddressToTheOnesThatForwarded() {
    assertThat(apply("X-Forwarded-For: 198.51.100.1", "X-Real-Ip: 198.51.100.2").remoteIP())
        .isEqualTo("198.51.100.2");
  }

  @Test
  void ignoresTwoRealAddresses() {
    assertThat(apply("X-Real-Ip: 198.51.100.1", "X-Real-Ip: 198.51.100.2").remoteIP())
        .isEqualTo("192.0.2.9");
  }

  @Test
  void joinsTheFieldsOfAListInTheirOrder() {
    assertThat(apply("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 192.0.2.8").remoteIP())
        .isEqualTo("198.51.100.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          X-Scheme: https                 | https
          X-Forwarded-Proto: https        | https
          X-Forwarded-Proto: http, https  | https
          X-Forwarded-Proto: https, http  | http
          X-Forwarded-Proto: HTTPS        | http
          X-Forwarded-Proto: javascript   | http
          """)
  void findsTheProtocol(String field, String protocol) {
    assertThat(apply(field).protocol()).isEqualTo(protocol);
  }

  @Test
  void prefersTheSchemeToTheForwardedProtocol() {
    assertThat(apply("X-Forwarded-Proto: https", "X-Scheme: http").protocol()).isEqualTo("http");
  }

  @Test
  void keepsTheConnectionsOwnContextIfNothingIsSaid() {
    assertThat(apply()).isSameAs(PROXY);
  }

  @Test
  void holdsForOneRequestAndOnlyIfAsked() throws Exception {
    TestRequest.Answer tell =
        request -> {
          var context = request.connection.context();
          request.reply(200, context.remoteIP() + " " + context.protocol());
        };
    String forwarded =
        "GET / HTTP/1.1\r\nHost: a\r\nX-Real-Ip: 198.51.100.2\r\nX-Scheme: https\r\n\r\n";
    var options =
        HTTPServerOptions.builder().xheaders(true).trustedDownstream(List.of("192.0.2.7")).build();
    try (var trusting = new TestServer(TestRequest.answering(tell), options);
        var server = new TestServer(tell);
        var first = trusting.connect();
        var second = server.connect()) {
      assertThat(first.send(forwarded).read().text()).isEqualTo("198.51.100.2 https");
      assertThat(first.get("/").text()).isEqualTo("127.0.0.1 http");
      assertThat(second.send(forwarded).read().text()).isEqualTo("127.0.0.1 http");
    }
  }

  @Test
  void theProtocolCanBeForced() throws Exception {
    TestRequest.Answer tell =
        request -> request.reply(200, request.connection.context().protocol());
    var options = HTTPServerOptions.builder().protocol("https").build();
    try (var server = new TestServer(TestRequest.answering(tell), options);
        var client = server.connect()) {
      assertThat(client.get("/").text()).isEqualTo("https");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HTTPServerOptions.builder().protocol("gopher").build())
        .withMessageContaining("gopher");
  }
}
