// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.waterspout.gen.Gen.await;
import static org.waterspout.http.Exchanges.OK;
import static org.waterspout.http.Exchanges.bytes;
import static org.waterspout.http.Exchanges.connect;
import static org.waterspout.http.Exchanges.get;
import static org.waterspout.http.Exchanges.headers;
import static org.waterspout.http.Exchanges.line;

import java.util.List;
import org.waterspout.ioloop.LoopFuture;
import org.waterspout.testing.GenTest;

/** What a client sends, byte for byte, and what it refuses to. */
class HTTP1ClientRequestTest {
  @GenTest(timeout = 20)
  void sendsExactlyWhatItIsGiven() throws Exception {
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              seen.complete(peer.head() + new String(peer.exactly(5), "ISO-8859-1"));
              peer.send(OK);
              peer.rest();
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(
          line("POST", "/a?b=%20|"),
          headers("Content-Length: 5", "X-A: \u00e4"),
          bytes("he"),
          answer);
      connection.write(bytes("llo"));
      await(connection.finish());
      assertThat(await(seen))
          .isEqualTo(
              "POST /a?b=%20| HTTP/1.1\r\n"
                  + "Host: a\r\n"
                  + "Content-Length: 5\r\n"
                  + "X-A: \u00e4\r\n\r\n"
                  + "hello");
      assertThat(answer.whole().text()).isEqualTo("ok");
      assertThat(connection.reusable()).isTrue();
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void sendsBodiesInChunks() throws Exception {
    String large = "0123456789abcdef".repeat(5000);
    var seen = new LoopFuture<String>();
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              seen.complete(peer.chunks());
              peer.send(OK);
            })) {
      var connection = connect(server.port());
      var answer = new TestAnswer();
      connection.writeHeaders(
          line("PUT", "/"), headers("Transfer-Encoding: chunked"), bytes("a"), answer);
      connection.write(bytes(""));
      connection.write(bytes(large));
      connection.finish();
      assertThat(await(seen)).isEqualTo("a" + large);
      answer.whole();
      connection.abort();
    }
  }

  @GenTest(timeout = 20)
  void refusesRequestsBeforeAByteIsSent() throws Exception {
    try (var server =
        new RawServer(peer -> assertThat(peer.rest()).as("what was sent").isEmpty())) {
      var connection = connect(server.port());
      for (var line :
          List.of(
              line("", "/"),
              line("GE T", "/"),
              line("GET\r\nX:", "/"),
              line("GET", ""),
              line("GET", "a"),
              line("GET", "*"),
              line("GET", "/ x"),
              line("GET", "/\r\nX: y"),
              line("GET", "/\n"),
              line("GET", "/\u0000"),
              line("GET", "/#a"),
              line("GET", "/\u00e4"),
              line("GET", "http://u@a/"),
              line("CONNECT", "a"),
              line("CONNECT", "/"),
              new RequestStartLine("GET", "/", "HTTP/2.0"),
              new RequestStartLine("GET", "/", "HTTP/1.1\r\nX: y"))) {
        expectRefusal(connection, line, headers());
      }
      var get = line("GET", "/");
      for (var fields :
          List.of(
              headers("Host: b"),
              headers("Content-Length: 1", "Transfer-Encoding: chunked"),
              headers("Content-Length: 1", "Content-Length: 1"),
              headers("Content-Length: -1"),
              headers("Content-Length: 1, 1"),
              headers("Transfer-Encoding: gzip, chunked"),
              headers("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
              headers("Transfer-Encoding: identity"),
              new HTTPHeaders())) {
        expectRefusal(connection, get, fields);
      }
      var badHost = new HTTPHeaders();
      badHost.add("Host", "a b");
      expectRefusal(connection, get, badHost);
      expectRefusal(
          connection,
          new RequestStartLine("PUT", "/", "HTTP/1.0"),
          headers("Transfer-Encoding: chunked"));
      expectRefusal(connection, line("TRACE", "/"), headers("Content-Length: 0"));
      expectRefusal(connection, line("CONNECT", "a:1"), headers("Transfer-Encoding: chunked"));
      assertThatThrownBy(
              () -> connection.writeHeaders(get, headers(), bytes("x"), new TestAnswer()))
          .isInstanceOf(HTTPOutputException.class);
      assertThatThrownBy(
              () ->
                  connection.writeHeaders(
                      get, headers("Content-Length: 1"), bytes("xy"), new TestAnswer()))
          .isInstanceOf(HTTPOutputException.class);
      assertThat(connection.reusable()).isTrue();
      connection.abort();
    }
  }

  private static void expectRefusal(
      HTTP1ClientConnection connection, RequestStartLine line, HTTPHeaders headers) {
    assertThatThrownBy(() -> connection.writeHeaders(line, headers, null, new TestAnswer()))
        .as(line + " " + headers)
        .isInstanceOf(HTTPOutputException.class);
  }

  @GenTest(timeout = 20)
  void cutsBodiesThatAreNotAsAnnounced() throws Exception {
    try (var server =
        new RawServer(
            peer -> {
              peer.head();
              peer.rest();
            })) {
      var longer = connect(server.port());
      longer.writeHeaders(
          line("PUT", "/"), headers("Content-Length: 3"), bytes("ab"), new TestAnswer());
      assertThatThrownBy(() -> longer.write(bytes("cd"))).isInstanceOf(HTTPOutputException.class);
      assertThat(longer.stream().closed()).isTrue();
      var shorter = connect(server.port());
      shorter.writeHeaders(
          line("PUT", "/"), headers("Content-Length: 3"), bytes("ab"), new TestAnswer());
      assertThatThrownBy(shorter::finish).isInstanceOf(HTTPOutputException.class);
      assertThat(shorter.reusable()).isFalse();
      assertThat(shorter.finish()).isCompletedExceptionally();
    }
  }

  @GenTest(timeout = 20)
  void oneExchangeAtATime() throws Exception {
    try (var server = RawServer.answering(OK)) {
      var connection = connect(server.port());
      assertThatThrownBy(() -> connection.write(bytes("x")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(connection::finish).isInstanceOf(IllegalStateException.class);
      var answer = get(connection);
      assertThatThrownBy(() -> get(connection)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(connection::detach).isInstanceOf(IllegalStateException.class);
      answer.whole();
    }
  }
}
