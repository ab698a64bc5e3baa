// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.waterspout.gen.Gen.await;

import java.nio.ByteBuffer;
import org.waterspout.tcp.TCPClient;

/** A client's exchanges, in a word each. */
final class Exchanges {
  private Exchanges() {}

  /** An answer. */
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  static HTTP1ClientConnection connect(int port) {
    return connect(port, HTTP1ClientOptions.defaults());
  }

  static HTTP1ClientConnection connect(int port, HTTP1ClientOptions options) {
    return new HTTP1ClientConnection(await(new TCPClient().connect("127.0.0.1", port)), options);
  }

  static HTTPHeaders headers(String... fields) {
    var headers = new HTTPHeaders();
    headers.add("Host", "a");
    for (String field : fields) {
      headers.parseLine(field);
    }
    return headers;
  }

  static RequestStartLine line(String method, String target) {
    return new RequestStartLine(method, target, "HTTP/1.1");
  }

  static ByteBuffer bytes(String text) {
    return TestRequest.bytes(text);
  }

  static <A extends ClientDelegate> A send(
      HTTP1ClientConnection connection, String method, A answer, String... fields) {
    var _ = connection.writeHeaders(line(method, "/"), headers(fields), null, answer);
    var _ = connection.finish();
    return answer;
  }

  static TestAnswer get(HTTP1ClientConnection connection) {
    return send(connection, "GET", new TestAnswer());
  }

  /** On a connection that has ended. */
  static TestAnswer getTooLate(HTTP1ClientConnection connection) {
    var answer = new TestAnswer();
    assertThat(connection.writeHeaders(line("GET", "/"), headers(), null, answer))
        .isCompletedExceptionally();
    assertThat(connection.finish()).isCompletedExceptionally();
    return answer;
  }
}
