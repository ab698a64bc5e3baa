// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/** A request that collects its body, and answers by what the test says. */
class TestRequest implements HTTPMessageDelegate {
  /** What a test does with a whole request. */
  interface Answer {
    void to(TestRequest request) throws Exception;
  }

  final HTTPConnection connection;
  final ByteArrayOutputStream body = new ByteArrayOutputStream();
  final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Answer answer;
  RequestStartLine startLine = new RequestStartLine("", "", "");
  HTTPHeaders headers = new HTTPHeaders();

  TestRequest(HTTPConnection connection, Answer answer) {
    this.connection = connection;
    this.answer = answer;
  }

  /** A delegate whose requests are all answered so. */
  static HTTPServerConnectionDelegate answering(Answer answer) {
    return (server, connection) -> new TestRequest(connection, answer);
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
      throws Exception {
    this.startLine = (RequestStartLine) startLine;
    this.headers = headers;
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
    body.writeBytes(chunk);
    return null;
  }

  @Override
  public void finish() throws Exception {
    answer.to(this);
  }

  @Override
  public void onConnectionClose() {
    closed.complete(null);
  }

  String target() {
    return startLine.target();
  }

  String text() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** The whole answer, with its length. */
  LoopFuture<Void> reply(int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    var replied = new HTTPHeaders();
    replied.add("Content-Length", Integer.toString(bytes.length));
    connection.writeHeaders(status(status), replied, ByteBuffer.wrap(bytes));
    return connection.finish();
  }

  /** The head of an answer whose length is not known. */
  LoopFuture<Void> begin() {
    return connection.writeHeaders(status(200), new HTTPHeaders(), null);
  }

  LoopFuture<Void> write(String text) {
    return connection.write(bytes(text));
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static ResponseStartLine status(int status) {
    return new ResponseStartLine("HTTP/1.1", status, HTTPStatus.reason(status));
  }
}
