// SPDX-License-Identifier: Apache-2.0
// Copyright the Waterspout authors

package org.waterspout.http;

import static org.waterspout.gen.Gen.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.waterspout.ioloop.LoopFuture;

/** What came back of one exchange of a client; completes when it is over. */
class TestAnswer implements ClientDelegate {
  final LoopFuture<TestAnswer> over = new LoopFuture<>();
  final List<Integer> interim = new ArrayList<>();
  final ByteArrayOutputStream body = new ByteArrayOutputStream();
  int status;
  HTTPHeaders headers = new HTTPHeaders();
  HTTPHeaders trailers = new HTTPHeaders();
  @Nullable Throwable failure; // null: none

  @Override
  public @Nullable CompletionStage<?> informational(
      ResponseStartLine startLine, HTTPHeaders headers) {
    interim.add(startLine.status());
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> headersReceived(StartLine startLine, HTTPHeaders headers)
      throws Exception {
    status = ((ResponseStartLine) startLine).status();
    this.headers = headers;
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> dataReceived(byte[] chunk) throws Exception {
    body.writeBytes(chunk);
    return null;
  }

  @Override
  public void trailersReceived(HTTPHeaders fields) {
    trailers = fields;
  }

  @Override
  public void finish() {
    end(null);
  }

  @Override
  public void failed(Throwable reason) {
    end(reason);
  }

  private void end(@Nullable Throwable reason) {
    if (over.isDone()) {
      throw new AssertionError("told of a second end: " + reason);
    }
    failure = reason;
    over.complete(this);
  }

  String text() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  /** Waits for the end, which has to be a good one. */
  TestAnswer whole() {
    await(over);
    if (failure != null) {
      throw new AssertionError("the exchange failed", failure);
    }
    return this;
  }

  /** Waits for the end, which must not be a good one. */
  Throwable failure() {
    await(over);
    if (failure == null) {
      throw new AssertionError("an answer: " + status + " " + text());
    }
    return failure;
  }
}
